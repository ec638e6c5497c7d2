import { nothingYet } from '../answer'
import { endpoint } from '../endpoint'
import { pageAnswer, pageParams } from '../results'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/jobs/{sid}/results_preview',
  summary: 'The rows of a job so far; no content before there are any.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/results_preview',
  params: pageParams,
  unknown: 'ignore',
  handle(call) {
    const job = jobOf(call)
    const { state } = job.status()
    return state === 'QUEUED' || state === 'PARSING' ? nothingYet() : pageAnswer(call, job, 'preview', call.args)
  },
})
