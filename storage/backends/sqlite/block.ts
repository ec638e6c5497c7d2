import type { Segmentation } from '../../../spl/segments/segmentation'
import { toMicros } from '../../../spl/values/time/civil'
import type { StoredEvents } from '../../event-batch'
import type { NewEvent } from '../../event-store'
import { coded, pack } from './packed'
import type { SealedText } from './seal-text'

export interface NumberedEvent extends NewEvent {
  readonly serial: number
}

/** Of one shape, whatever the event came as. */
export const numberedEvent = (e: NewEvent, serial: number): NumberedEvent => ({
  serial,
  time: e.time,
  indexTime: e.indexTime,
  host: e.host,
  source: e.source,
  sourcetype: e.sourcetype,
  raw: e.raw,
  fields: e.fields,
  zone: e.zone,
  segmentation: e.segmentation,
})

/** The events of a block or of a tail, in the order of events. */
export interface Events extends StoredEvents {
  /** 1 where removed. */
  readonly gone: Uint8Array | undefined
  /** Folding changes nothing but A–Z. */
  readonly plain: boolean
  /** Microseconds of the earliest and the latest event, where that is known without a look at each. */
  readonly span?: readonly [number, number]
  /** Whether some have indexed fields, where that is known without them. */
  readonly indexed?: boolean
}

/** What a block's row says beside its texts. */
export type BlockFacts = Omit<BlockRow, 'id' | keyof SealedText>
export interface BlockRow {
  readonly id: number
  readonly serial: number
  readonly last: number
  readonly tmin: number
  readonly tmax: number
  readonly n: number
  readonly sourcetype: string
  readonly source: string
  readonly hosts: string
  readonly zones: string
  readonly plain: number
  readonly codec: number
  readonly len: number
  readonly serials: Buffer | null
  readonly offs: Buffer
  readonly times: Buffer
  readonly itimes: Buffer
  readonly host: Buffer | null
  readonly zone: Buffer | null
  readonly extra: Buffer | null
  readonly gone: Buffer | null
  /** Null: in full. */
  readonly segmentation: StoredSegmentation
  readonly raw: Buffer
}
export type StoredSegmentation = Exclude<Segmentation, 'full'> | null
export const BLOCK_COLUMNS: readonly (keyof BlockRow)[] = [
  'id',
  'serial',
  'last',
  'tmin',
  'tmax',
  'n',
  'sourcetype',
  'source',
  'hosts',
  'zones',
  'plain',
  'codec',
  'len',
  'serials',
  'offs',
  'times',
  'itimes',
  'host',
  'zone',
  'extra',
  'gone',
  'segmentation',
  'raw',
]

/** `_time` descending, then serial descending. */
export function inOrder(events: readonly NumberedEvent[]): NumberedEvent[] {
  const times = events.map((e) => toMicros(e.time))
  const after = (a: number, b: number) => times[b]! - times[a]! || events[b]!.serial - events[a]!.serial
  // Events mostly come in the order of their times.
  let rising = true
  for (let i = 1; i < times.length && rising; i++) rising = after(i - 1, i) > 0
  if (rising) return [...events].reverse()
  return Array.from(times, (_t, i) => i)
    .sort(after)
    .map((i) => events[i]!)
}

const joined = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)
function offsetsOf(events: readonly NumberedEvent[]): Uint32Array {
  const offsets = new Uint32Array(events.length + 1)
  for (let i = 0; i < events.length; i++) offsets[i + 1] = offsets[i]! + events[i]!.raw.length
  return offsets
}

/** @param events of one (sourcetype, source, segmentation), in the order of events */
export function describeEvents(events: readonly NumberedEvent[]): BlockFacts {
  const serials = events.map((e) => e.serial)
  const last = serials.reduce((a, b) => Math.max(a, b))
  const times = events.map((e) => toMicros(e.time))
  const host = coded(events.map((e) => e.host))
  const zone = coded(events.map(zoneText))
  const fields = events.some((e) => e.fields) ? events.map((e) => e.fields ?? null) : undefined
  return {
    serial: serials.reduce((a, b) => Math.min(a, b)),
    last,
    tmin: times.at(-1)!,
    tmax: times[0]!,
    n: events.length,
    sourcetype: events[0]!.sourcetype,
    source: events[0]!.source,
    hosts: JSON.stringify(host.values),
    zones: JSON.stringify(zone.values),
    serials: serials.every((s, i) => s === last - i) ? null : pack(serials),
    times: pack(times),
    itimes: pack(events.map((e) => toMicros(e.indexTime))),
    host: host.codes ? pack(host.codes) : null,
    zone: zone.codes ? pack(zone.codes) : null,
    extra: fields ? Buffer.from(JSON.stringify(fields)) : null,
    offs: pack(offsetsOf(events)),
    gone: null,
    segmentation: events[0]!.segmentation ?? null,
  }
}

export const zoneText = (e: NewEvent): string | null => (e.zone === undefined ? null : String(e.zone))

/** What is read of a block for a search that does without its texts. */
export type BareRow = Omit<BlockRow, keyof TextColumns> & {
  /** 1: `extra` is there. */
  readonly extras: number
}
/** A row as if it had been read without its texts. */
export function bareRow(row: BlockRow): BareRow {
  const { offs: _offs, zones: _zones, zone: _zone, extra, raw: _raw, ...bare } = row
  return { ...bare, extras: extra === null ? 0 : 1 }
}
export type TextColumns = Pick<BlockRow, 'offs' | 'zones' | 'zone' | 'extra' | 'raw'>
/** What is read where texts are needed too. */
export type TextRow = TextColumns & Pick<BlockRow, 'id'>
export const TEXT_COLUMNS: readonly (keyof TextRow)[] = ['id', 'offs', 'zones', 'zone', 'extra', 'raw']
export const BARE_COLUMNS: readonly string[] = [
  ...BLOCK_COLUMNS.filter((c) => c === 'id' || !TEXT_COLUMNS.includes(c as keyof TextRow)),
  'extra IS NOT NULL AS extras',
]

/** Events that are in no block yet, as if they were one. */
export function looseEvents(unordered: readonly NumberedEvent[]): Events {
  const events = inOrder(unordered)
  const data = joined(events.map((e) => e.raw))
  const fields = events.map((e) => e.fields ?? null)
  return {
    rows: events.length,
    times: Float64Array.from(events, (e) => toMicros(e.time)),
    indexTimes: Float64Array.from(events, (e) => toMicros(e.indexTime)),
    serials: Float64Array.from(events, (e) => e.serial),
    host: coded(events.map((e) => e.host)),
    source: coded(events.map((e) => e.source)),
    sourcetype: coded(events.map((e) => e.sourcetype)),
    zone: coded(events.map(zoneText)),
    fields: fields.some((f) => f !== null) ? fields : undefined,
    gone: undefined,
    plain: isAscii(data),
    segmentation: coded(events.map((e) => e.segmentation ?? 'full')),
    offsets: offsetsOf(events),
    raw: () => data,
  }
}

function isAscii(data: Buffer): boolean {
  for (let i = 0; i < data.length; i++) if (data[i]! > 127) return false
  return true
}
