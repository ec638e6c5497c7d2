import type { StoreQuery } from '../../event-store'
import type { MayMatch } from '../../matching/event-filter'
import type { Events } from './block'
import { bound } from './snapshot-file'

/** Events of a block, and those of them that the filter leaves. */
export interface Chosen {
  readonly events: Events
  /** Undefined: all. */
  readonly selection: Uint32Array | undefined
}

/** Rows stand latest first, so those within the time range are one stretch; none when its ends are the same. */
export function rowsInTime(events: Events, query: StoreQuery): readonly [from: number, to: number] {
  const earliest = bound(query.earliest)
  const latest = bound(query.latest)
  let from = 0
  let to = events.rows
  const { span } = events
  if (span && span[0] >= earliest && span[1] < latest) return [from, to]
  while (from < to && events.times[from]! >= latest) from++
  while (to > from && events.times[to - 1]! < earliest) to--
  return [from, to]
}

const NO_ROWS = new Uint32Array(0)

/** The rows that are left; undefined: all of them. */
export function selected(events: Events, mask: MayMatch, [from, to]: readonly [number, number]): Uint32Array | undefined {
  if (mask === undefined) return NO_ROWS
  const { gone } = events
  if (mask === 'all' && !gone && from === 0 && to === events.rows) return undefined
  const rows = new Uint32Array(to - from)
  const n = select(events, mask, [from, to], { rows, at: 0, base: 0 })
  return n === events.rows ? undefined : rows.subarray(0, n)
}

/** Where the rows that are left go: into `rows` from `at` on, counted from `base`. */
interface Into {
  readonly rows: Uint32Array
  readonly at: number
  readonly base: number
}
/** Answers where the next ones go. */
export function select(events: Events, mask: MayMatch, [from, to]: readonly [number, number], { rows, at, base }: Into): number {
  if (mask === undefined) return at
  const { gone } = events
  let n = at
  if (mask === 'all') for (let i = from; i < to; i++) rows[n++] = base + i
  else {
    for (let i = from; i < to; i++) {
      // Without a branch, which would be foretold wrong for every other row.
      rows[n] = base + i
      n += mask[i]!
    }
  }
  return gone ? stillThere(rows, at, n, (row) => gone[row - base] !== 1) : n
}
function stillThere(rows: Uint32Array, from: number, to: number, keep: (row: number) => boolean): number {
  let n = from
  for (let i = from; i < to; i++) if (keep(rows[i]!)) rows[n++] = rows[i]!
  return n
}
