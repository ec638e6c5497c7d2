import type { OutputFormat } from '../../output/format'
import { paced, pacedChunks } from '../../output/paced'
import type { Message } from '../../output/rows'
import { RESULT_TIME, withTimes } from '../../output/times'
import type { Job, JobStatus, Rows } from '../../search/head'
import { findZone, UTC, type Zone } from '../../spl/values/time/zone'
import type { Terminal } from '../terminal'

/** More fields than these beside an event's text do not fit into a table. */
const MOST_COLUMNS = 8

interface Writing {
  readonly format: OutputFormat
  readonly timeZone: string
  readonly terminal: Terminal
}

/** Formats that show a row without knowing the others. */
const STREAMED: readonly string[] = ['ndjson', 'raw']

/** Whether rows are written while the search runs. */
export const isStreamed = ({ name }: OutputFormat): boolean => STREAMED.includes(name)

const zoneOf = (name: string): Zone => findZone(name) ?? UTC

/** Writes rows as they come; ends with the job. */
export async function writeStream(job: Job, { format, timeZone, terminal }: Writing, signal: AbortSignal): Promise<void> {
  async function* timed(): AsyncGenerator<Rows> {
    for await (const rows of job.stream({ kind: 'results', offset: 0 }, signal)) yield withTimes(rows, RESULT_TIME, zoneOf(timeZone))
  }
  for await (const text of pacedChunks(format.chunks({ preview: false, chunks: timed() }))) await terminal.out(text)
}

/** Writes all rows of a job that has ended. @returns what was left out, to be said */
export async function writeDocument(
  job: Job,
  messages: readonly Message[],
  { format, timeZone, terminal }: Writing,
): Promise<string | undefined> {
  const rows = withTimes(await job.rows({ kind: 'results', offset: 0, count: 0 }), RESULT_TIME, zoneOf(timeZone))
  const { table, leftOut } = format.name === 'table' ? fitting(rows) : { table: rows, leftOut: 0 }
  for await (const text of paced(format.document({ preview: false, offset: 0, messages, table }))) await terminal.out(text)
  if (format.name === 'json') await terminal.out('\n')
  return leftOut > 0 ? `${leftOut} more fields are not shown: name some with "| table …", or use --output json` : undefined
}

/**
 * For the terminal: events lose their internal fields, and all but time and text where there are too many. Rows of a transforming
 * search are shown whole.
 */
export function fitting({ fields, rows }: Rows): { readonly table: Rows; readonly leftOut: number } {
  if (!fields.includes('_raw')) return { table: { fields, rows }, leftOut: 0 }
  const others = fields.filter((name) => !name.startsWith('_'))
  const few = others.length <= MOST_COLUMNS
  const kept = ['_time', ...(few ? others : []), '_raw'].filter((name) => fields.includes(name))
  const places = kept.map((name) => fields.indexOf(name))
  return { table: { fields: kept, rows: rows.map((row) => places.map((at) => row[at]!)) }, leftOut: few ? 0 : others.length }
}

const TYPES = { fatal: 'FATAL', error: 'ERROR', warn: 'WARN', info: 'INFO' } as const

/** What the search said, as the JSON documents carry it. */
export const messagesOf = ({ messages }: JobStatus): readonly Message[] =>
  messages.map((p) => ({ type: TYPES[p.severity], text: p.message }))
