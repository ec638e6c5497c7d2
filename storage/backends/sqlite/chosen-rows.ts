import type { StoreQuery } from '../../event-store'
import type { Events } from './block'
import { bound } from './snapshot-file'

/** Rows stand latest first, so those within the time range are one stretch. */
export function rowsInTime(events: Events, query: StoreQuery): readonly [from: number, to: number] | 'none' {
  const earliest = bound(query.earliest)
  const latest = bound(query.latest)
  let from = 0
  let to = events.rows
  if (events.span && events.span[0] >= earliest && events.span[1] < latest) return [from, to]
  while (from < to && events.times[from]! >= latest) from++
  while (to > from && events.times[to - 1]! < earliest) to--
  return from === to ? 'none' : [from, to]
}

export function selected(events: Events, mask: Uint8Array, [from, to]: readonly [number, number]): Uint32Array {
  const rows = new Uint32Array(to - from)
  let n = 0
  for (let i = from; i < to; i++) if (mask[i] === 1 && events.gone?.[i] !== 1) rows[n++] = i
  return rows.subarray(0, n)
}
