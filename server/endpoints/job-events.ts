import { type Job, LISTED_EVENTS } from '../../search/head'
import { nothingYet } from '../answer'
import { type Call, endpoint } from '../endpoint'
import { unsupported } from '../params'
import { type PageArgs, pageAnswer, pageParams } from '../results'
import { jobOf } from '../visible-jobs'

const params = { ...pageParams, earliest_time: unsupported(''), latest_time: unsupported(''), max_time: unsupported('0') }

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/jobs/{sid}/events',
  summary: 'The events that a search found, before they were transformed.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/events',
  params,
  unknown: 'ignore',
  handle(call) {
    const job = jobOf(call)
    const { state, isTransforming, eventPipeline, request } = job.status()
    if (state === 'QUEUED' || state === 'PARSING') return nothingYet()
    const kept = !isTransforming || Number(request.echo.status_buckets ?? 0) > 0 || state === 'FAILED'
    return kept || eventPipeline === undefined ? pageAnswer(call, job, 'events', call.args) : searchedAgain(call, job, eventPipeline)
  },
})

/** DIFFERS: Splunk has no events of a transforming search that was started without status buckets. */
async function searchedAgain(call: Call<typeof params> & { readonly args: PageArgs }, job: Job, pipeline: string) {
  const { request, dispatchTime } = job.status()
  const { id: _id, ...same } = request
  const events = await call.head.start({
    ...same,
    search: `${pipeline} | head ${LISTED_EVENTS}`,
    now: request.now ?? dispatchTime,
    maxCount: LISTED_EVENTS,
    preview: false,
    origin: 'events',
    echo: {},
  })
  try {
    await events.finished(call.gone)
    return await pageAnswer(call, events, 'results', call.args)
  } finally {
    // Nobody asked for a job.
    await events.control({ action: 'cancel' })
  }
}
