import { entryAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { jobEntry, jobPath } from '../job-entry'
import { originOf } from '../origin'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: 'GET',
  path: 'search/jobs/{sid}',
  summary: 'The state of a job.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}; measured on 10.4',
  params: {},
  unknown: 'ignore',
  handle(call) {
    const status = jobOf(call).status()
    const feed = { title: 'jobs', path: jobPath(status.sid), entries: [], paging: { total: 1, perPage: 30, offset: 0 } }
    return entryAnswer(jobEntry(status, call.head.serverName, call.head.now()), feed, originOf(call))
  },
})
