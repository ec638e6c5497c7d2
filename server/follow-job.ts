import { RESULT_TIME, withTimes } from '../output/times'
import type { Job, JobStatus, Rows } from '../search/head'
import type { Zone } from '../spl/values/time/zone'
import { nextChange } from './job-changes'
import { isDone } from './job-entry'
import { type MessageSender, MOST_MESSAGE } from './message-sender'
import { placedMessage } from './search-messages'

export interface Following {
  readonly id: string
  readonly job: Job
  /** The first row that the client lacks. */
  readonly offset: number
  readonly previews: boolean
  readonly zone: Zone
  /** Characters that the server put before the typed search. */
  readonly implied: number
  readonly sender: MessageSender
  readonly signal: AbortSignal
}

/** Progress and previews are said at most this often. */
const PROGRESS_MILLISECONDS = 200
const PREVIEW_ROWS = 1_000
const CHUNK_ROWS = 1_000

/** Rows in pieces that fit into messages. */
export function* pieces({ fields, rows }: Rows): Generator<Rows> {
  let part: Rows['rows'][number][] = []
  let size = 0
  for (const row of rows) {
    const length = row.reduce((sum, cell) => sum + (cell === null ? 4 : cell.length + 3), 0)
    if (part.length > 0 && (part.length >= CHUNK_ROWS || size + length > MOST_MESSAGE)) {
      yield { fields, rows: part }
      part = []
      size = 0
    }
    part.push(row)
    size += length
  }
  if (part.length > 0) yield { fields, rows: part }
}

async function sendRows(f: Following): Promise<void> {
  let { offset } = f
  for await (const chunk of f.job.stream({ kind: 'results', offset }, f.signal)) {
    for (const part of pieces(withTimes(chunk, RESULT_TIME, f.zone))) {
      await f.sender.send({ type: 'results', id: f.id, offset, ...part })
      offset += part.rows.length
    }
  }
}

const sendProgress = ({ sender, id }: Following, { doneProgress, scanCount, eventCount, resultCount }: JobStatus): Promise<void> =>
  sender.send({ type: 'progress', id, doneProgress, scanCount, eventCount, resultCount })

async function sendPreview(f: Following): Promise<void> {
  const rows = await f.job.rows({ kind: 'preview', offset: 0, count: PREVIEW_ROWS })
  // The search may have ended meanwhile: its rows are on their way, and a preview would replace them.
  if (rows.rows.length === 0 || isDone(f.job.status())) return
  await f.sender.send({ type: 'preview', id: f.id, ...withTimes(rows, RESULT_TIME, f.zone) })
}

async function watch(f: Following): Promise<void> {
  let previewed = ''
  for (let status = f.job.status(); !isDone(status); status = f.job.status()) {
    await sendProgress(f, status)
    const state = `${status.previewCount} ${status.eventCount}`
    if (f.previews && status.isTransforming && status.previewCount > 0 && state !== previewed) {
      previewed = state
      await sendPreview(f)
    }
    await nextChange(f.job, PROGRESS_MILLISECONDS, f.signal)
  }
  await sendProgress(f, f.job.status())
}

/**
 * Tells a client all about a job, from its rows so far to its end.
 * Rows of a search over events come while it runs; those of a transforming one at the end, previews before.
 */
export async function followJob(f: Following): Promise<void> {
  const settled = await Promise.allSettled([watch(f), sendRows(f)])
  const broken = settled.find((result): result is PromiseRejectedResult => result.status === 'rejected')
  if (f.signal.aborted) return
  if (broken && !isDone(f.job.status())) throw broken.reason
  const status = f.job.status()
  const failed = status.state === 'FAILED'
  const { resultCount, runDuration } = status
  const messages = status.messages.map((problem) => placedMessage(problem, failed, f.implied))
  await f.sender.send({ type: 'done', id: f.id, dispatchState: status.state, resultCount, runDuration, messages })
}
