import { toMicros } from '../../../spl/values/time/civil'
import type { IndexedFields } from '../../event-store'
import { type NumberedEvent, type StoredSegmentation, zoneText } from './block'
import type { Bound, Connection } from './connection'

/** A row of `tail`: an event that no block holds yet. */
export interface TailRow {
  readonly serial: number
  readonly time: number
  readonly itime: number
  readonly host: string
  readonly sourcetype: string
  readonly source: string
  readonly zone: string | null
  readonly extra: string | null
  readonly raw: Buffer
  readonly segmentation: StoredSegmentation
}

export function eventOf(row: TailRow): NumberedEvent {
  return {
    serial: row.serial,
    time: row.time / 1e6,
    indexTime: row.itime / 1e6,
    host: row.host,
    source: row.source,
    sourcetype: row.sourcetype,
    raw: row.raw,
    zone: row.zone === null ? undefined : row.zone === 'local' ? 'local' : Number(row.zone),
    fields: row.extra === null ? undefined : (JSON.parse(row.extra) as IndexedFields),
    segmentation: row.segmentation ?? undefined,
  }
}

/** Rows of one statement: the way of a statement into the thread of SQLite and back costs more than the row. */
const AT_ONCE = 32
const inserting = (rows: number) => `INSERT INTO tail VALUES ${Array.from({ length: rows }, () => '(?,?,?,?,?,?,?,?,?,?)').join(',')}`
const INSERT_MANY = inserting(AT_ONCE)
const INSERT_ONE = inserting(1)

/** One after another as they are asked for. */
export function* insertTail(connection: Connection, events: readonly NumberedEvent[]): Generator<Promise<void>> {
  let from = 0
  for (; from + AT_ONCE <= events.length; from += AT_ONCE)
    yield connection.run(INSERT_MANY, ...events.slice(from, from + AT_ONCE).flatMap(rowOf))
  for (; from < events.length; from++) yield connection.run(INSERT_ONE, ...rowOf(events[from]!))
}

const rowOf = (e: NumberedEvent): Bound[] => [
  e.serial,
  toMicros(e.time),
  toMicros(e.indexTime),
  e.host,
  e.sourcetype,
  e.source,
  zoneText(e),
  e.fields ? JSON.stringify(e.fields) : null,
  Buffer.from(e.raw.buffer, e.raw.byteOffset, e.raw.byteLength),
  e.segmentation ?? null,
]
