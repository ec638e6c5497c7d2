import { xmlText } from '../../output/markup'
import type { Job } from '../../search/head'
import { type Answer, responseElement } from '../answer'
import { searchParams, searchRequest } from '../dispatch-search'
import { endpoint } from '../endpoint'
import { formatOf } from '../formats'
import { jobPath } from '../job-entry'
import { choice } from '../params'
import { pageAnswer, pageParams } from '../results'

const sidAnswer = ({ sid }: Job): Answer => ({
  status: 201,
  headers: { Location: jobPath(sid) },
  xml: () => responseElement(`<sid>${xmlText(sid)}</sid>`),
  json: () => ({ sid }),
})

export default endpoint({
  method: 'POST',
  path: 'search/jobs',
  summary: 'Starts a search: answers with its sid at once, when it is done (blocking), or with its results (oneshot).',
  source: 'REST API Reference 9.x, search/jobs',
  params: { ...pageParams, ...searchParams, exec_mode: choice(['normal', 'blocking', 'oneshot'], 'normal') },
  unknown: 'echo',
  async handle(call) {
    const { exec_mode } = call.args
    if (exec_mode === 'oneshot') formatOf(call.outputMode) // refused before it costs a search
    const job = await call.head.start(searchRequest(call, exec_mode === 'oneshot' ? { preview: false } : {}))
    if (exec_mode === 'normal') return sidAnswer(job)
    if (exec_mode === 'blocking') {
      await job.finished(call.gone)
      return sidAnswer(job)
    }
    try {
      await job.finished(call.gone)
      // `search` is the search itself here, no post-processing.
      return await pageAnswer(call, job, 'results', { ...call.args, search: undefined })
    } finally {
      await job.control({ action: 'cancel' }) // a oneshot leaves no job behind
    }
  },
})
