import { nothingYet } from '../answer'
import { endpoint } from '../endpoint'
import { isDone } from '../job-entry'
import { pageAnswer, pageParams } from '../results'
import { jobOf } from '../visible-jobs'

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/jobs/{sid}/results',
  summary: 'The final rows of a job; no content while it runs.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/results',
  params: pageParams,
  unknown: 'ignore',
  handle(call) {
    const job = jobOf(call)
    return isDone(job.status()) ? pageAnswer(call, job, 'results', call.args) : nothingYet()
  },
})
