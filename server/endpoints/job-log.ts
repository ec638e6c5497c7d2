import { endpoint } from '../endpoint'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: 'GET',
  path: 'search/jobs/{sid}/search.log',
  summary: 'What a search noted while it ran.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/search.log',
  params: {},
  unknown: 'ignore',
  handle: (call) => ({ status: 200, contentType: 'text/plain; charset=UTF-8', pieces: [jobOf(call).log()] }),
})
