import { toMicros } from '../../../spl/values/time/civil'
import type { IndexedFields } from '../../event-store'
import { type NumberedEvent, zoneText } from './block'
import type { Connection } from './connection'

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
  }
}

export function insertTail(connection: Connection, e: NumberedEvent): Promise<void> {
  const extra = e.fields ? JSON.stringify(e.fields) : null
  return connection.run(
    'INSERT INTO tail VALUES(?,?,?,?,?,?,?,?,?)',
    e.serial,
    toMicros(e.time),
    toMicros(e.indexTime),
    e.host,
    e.sourcetype,
    e.source,
    zoneText(e),
    extra,
    Buffer.from(e.raw.buffer, e.raw.byteOffset, e.raw.byteLength),
  )
}
