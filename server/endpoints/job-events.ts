import { nothingYet } from '../answer'
import { endpoint } from '../endpoint'
import { unsupported } from '../params'
import { pageAnswer, pageParams } from '../results'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/jobs/{sid}/events',
  summary: 'The events that a search found, before they were transformed.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/events',
  params: { ...pageParams, earliest_time: unsupported(''), latest_time: unsupported(''), max_time: unsupported('0') },
  unknown: 'ignore',
  handle(call) {
    const job = jobOf(call)
    const { state } = job.status()
    return state === 'QUEUED' || state === 'PARSING' ? nothingYet() : pageAnswer(call, job, 'events', call.args)
  },
})
