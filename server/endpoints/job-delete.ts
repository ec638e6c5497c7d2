import { informed } from '../answer'
import { endpoint } from '../endpoint'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: 'DELETE',
  path: 'search/jobs/{sid}',
  summary: 'Cancels a job and removes it.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}',
  params: {},
  unknown: 'ignore',
  async handle(call) {
    await jobOf(call).control({ action: 'cancel' })
    return informed('Search job cancelled.')
  },
})
