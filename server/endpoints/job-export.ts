import type { OutputFormat } from '../../output/format'
import { pacedChunks } from '../../output/paced'
import { EXPORT_TIME, withTimes } from '../../output/times'
import type { Job, Rows, RowsRequest } from '../../search/head'
import type { Zone } from '../../spl/values/time/zone'
import { searchParams, searchRequest } from '../dispatch-search'
import { endpoint } from '../endpoint'
import { formatOf } from '../formats'
import { nextChange } from '../job-changes'
import { isDone, messagesOf } from '../job-entry'
import { fieldsOf, jobZone, rowParams } from '../results'

interface Export {
  readonly job: Job
  readonly format: OutputFormat
  readonly previews: boolean
  readonly fields: readonly string[]
  readonly timeFormat: string
  readonly zone: Zone
  readonly gone: AbortSignal
}

/** Rows of one preview: they are sent again and again, so not all of many. */
const PREVIEW_ROWS = 1_000
const PREVIEW_MILLISECONDS = 1_000

const chosen = ({ fields }: Export): Pick<RowsRequest, 'fields'> => (fields.length ? { fields } : {})

async function* timed(chunks: AsyncIterable<Rows> | Iterable<Rows>, { timeFormat, zone }: Export): AsyncGenerator<Rows> {
  for await (const rows of chunks) if (rows.rows.length > 0) yield withTimes(rows, timeFormat, zone)
}

/** A set for each change of the preview, while the search runs. Only transforming searches have any: others stream their rows. */
async function* previewSets(e: Export): AsyncGenerator<string> {
  for (let status = e.job.status(); !isDone(status); status = e.job.status()) {
    if (status.isTransforming && status.previewCount > 0) {
      const rows = await e.job.rows({ kind: 'preview', offset: 0, count: PREVIEW_ROWS, ...chosen(e) })
      if (isDone(e.job.status())) return
      yield* pacedChunks(e.format.chunks({ preview: true, chunks: timed([rows], e), columns: rows.fields }))
    } else if (!status.isTransforming && status.resultCount > 0) return
    await nextChange(e.job, PREVIEW_MILLISECONDS, e.gone)
  }
}

/** The columns of all rows, for a format whose first line names them: known only when the search has ended. */
async function columnsOf(e: Export): Promise<readonly string[]> {
  const columns = new Set<string>()
  for await (const { fields } of e.job.stream({ kind: 'results', offset: 0, ...chosen(e) }, e.gone))
    for (const field of fields) columns.add(field)
  return [...columns]
}

async function* exported(e: Export): AsyncGenerator<string> {
  if (e.format.prologue) yield e.format.prologue
  if (e.previews && e.format.marksPreviews) yield* previewSets(e)
  const columns = e.format.columnsFirst ? await columnsOf(e) : undefined
  const chunks = timed(e.job.stream({ kind: 'results', offset: 0, ...chosen(e) }, e.gone), e)
  yield* pacedChunks(e.format.chunks({ preview: false, chunks, ...(columns && { columns }) }))
  const status = await e.job.finished(e.gone)
  const messages = messagesOf(status).filter(({ type }) => type !== 'INFO')
  if (messages.length > 0) yield e.format.said(messages)
}

/** Waits until the search runs or was refused. */
async function settled(job: Job, gone: AbortSignal): Promise<void> {
  for (let state = job.status().state; state === 'QUEUED' || state === 'PARSING'; state = job.status().state) await job.changed(gone)
}

/** An error of `setup` ends the search before it has read anything. */
const failedAtOnce = (job: Job): boolean => {
  const { state, messages } = job.status()
  return state === 'FAILED' && messages.some(({ phase, severity }) => phase === 'setup' && severity !== 'warn' && severity !== 'info')
}

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/jobs/export',
  summary: 'Runs a search and sends its rows as they come.',
  source: 'REST API Reference 9.x, search/jobs/export; captured from 10.6',
  params: { ...rowParams, ...searchParams },
  unknown: 'echo',
  async handle(call) {
    const format = formatOf(call.outputMode)
    // Rows are sent as they come: the limit of what a job keeps for later is none of theirs.
    const maxCount = call.form.has('max_count') ? call.args.max_count : Number.MAX_SAFE_INTEGER
    const job = await call.head.start(searchRequest(call, { maxCount }))
    // Nobody reads any more: what was started for him ends. (After the end of the answer this finds the job over.)
    call.gone.addEventListener('abort', () => void job.control({ action: 'cancel' }).catch(() => undefined), { once: true })
    await settled(job, call.gone)
    // Splunk answers a search whose setup fails with nothing at all, and 200.
    if (failedAtOnce(job)) return { status: 200, contentType: format.contentType, pieces: [] }
    const timeFormat = call.args.output_time_format ?? EXPORT_TIME
    const zone = jobZone(job.status(), call)
    const pieces = exported({ job, format, previews: call.args.preview, fields: fieldsOf(call.args), timeFormat, zone, gone: call.gone })
    return { status: 200, contentType: format.contentType, pieces }
  },
})
