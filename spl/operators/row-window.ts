import type { Column } from '../batch/column'
import type { Order } from '../batch/order'
import { fail } from '../text/problems'

/** What statistics read of one batch: kept as long as a row of it is in a window. */
export interface Sheet {
  readonly order: Order
  /** Columns by the number of the statistic; a missing one has no values. */
  readonly columns: ReadonlyMap<number, { readonly column: Column | 'rows' | undefined; readonly time: Column | undefined }>
}

/** A row and the groups that it belongs to. */
export interface Seen {
  readonly sheet: Sheet
  readonly row: number
  readonly groups: Int32Array
  /** Its `_time`, NaN where it has none. */
  readonly time: number
}

export interface WindowOptions {
  readonly command: string
  /** The last so many rows; 0 for all. */
  readonly window: number
  /** Seconds; rows that are so far from the current one are out. */
  readonly timeWindow: number | undefined
  /** Whether the window is over all rows, whatever their group. */
  readonly global: boolean
}

/** @source limits.conf, [stats] max_stream_window */
export const MOST_ROWS = 10_000

/** The last rows of a stream. */
export class RowWindow {
  private all: Seen[] = []
  private head = 0
  private readonly byGroup = new Map<number, Seen[]>()
  private direction = 0
  private lastTime = Number.NaN
  constructor(private readonly o: WindowOptions) {}

  push(s: Seen): void {
    if (this.o.timeWindow !== undefined) this.pass(s.time, this.o.timeWindow)
    if (!this.o.global) {
      for (const g of s.groups) this.pushTo(g, s)
      return
    }
    this.all.push(s)
    const most = this.o.window > 0 ? this.o.window : MOST_ROWS
    if (this.all.length - this.head > most) this.head++
    this.compact()
  }
  private pushTo(group: number, s: Seen): void {
    const own = this.byGroup.get(group)
    if (!own) this.byGroup.set(group, [s])
    else {
      own.push(s)
      if (own.length > this.o.window) own.shift()
    }
  }
  /** Drops rows that are a whole span away. @throws SplProblem where times go both ways */
  private pass(time: number, span: number): void {
    const step = Math.sign(time - this.lastTime)
    if (step && this.direction && step !== this.direction) throw fail('time-order-input', { command: this.o.command })
    if (step) this.direction = step
    this.lastTime = time
    while (this.head < this.all.length && Math.abs(time - this.all[this.head]!.time) >= span) this.head++
  }
  private compact(): void {
    if (this.head < 1024 || this.head * 2 < this.all.length) return
    this.all = this.all.slice(this.head)
    this.head = 0
  }
  clear(): void {
    this.all = []
    this.head = 0
    this.byGroup.clear()
  }

  /** The rows of a group that are in the window, in runs of one sheet each. */
  members(group: number): readonly Run[] {
    const all = this.o.global ? this.all : (this.byGroup.get(group) ?? [])
    const runs: { sheet: Sheet; rows: number[] }[] = []
    let run: (typeof runs)[number] | undefined
    for (let i = this.o.global ? this.head : 0; i < all.length; i++) {
      const s = all[i]!
      const times = timesIn(s.groups, group)
      if (times === 0) continue
      if (run?.sheet !== s.sheet) runs.push((run = { sheet: s.sheet, rows: [] }))
      for (let k = 0; k < times; k++) run.rows.push(s.row)
    }
    return runs.map(({ sheet, rows }) => ({ sheet, rows: Uint32Array.from(rows) }))
  }
}

interface Run {
  readonly sheet: Sheet
  readonly rows: Uint32Array
}

/** How often a row counts in a group: mostly once or not at all. */
function timesIn(groups: Int32Array, group: number): number {
  if (groups.length === 1) return groups[0] === group ? 1 : 0
  let n = 0
  for (const g of groups) if (g === group) n++
  return n
}
