import { alive, type Batch, batchOf, filterRows, withOrder } from '../batch/batch'
import type { Column } from '../batch/column'
import type { Demand } from '../batch/demand'
import { Gather, materialise } from '../batch/gather'
import { compareOrder, madeOrder, pickOrder } from '../batch/order'
import type { Accumulator, Part, RunContext, State } from '../syntax/behaviour'
import { KeptBytes } from './bytes'
import { rowsOfState, sliced, stateOfRows } from './rows-state'
import type { CompareRows } from './sort-keys'

export interface KeptRowsOptions {
  /** Negative when row i of batch `a` stands before row j of batch `b`. Rows that it holds equal stand in the order of events. */
  readonly compare: CompareRows
  /** How many of the first rows are kept; infinite for all. */
  readonly limit: number
  /** Turns the order of equal rows round, for `tail` and `reverse`. */
  readonly reversed?: boolean
  /** The columns that are kept: what is wanted after the stage, and what `compare` reads. */
  readonly demand: Demand
  readonly context: RunContext
}

/** Rows in an order of their own, of which only the first may be kept: sort, tail, reverse. */
export const keptRows = (o: KeptRowsOptions): Accumulator => new KeptRows(o)

interface Place {
  readonly batch: Batch
  readonly row: number
}

class KeptRows implements Accumulator {
  /** Rows that were taken out of their blocks, in batches without selection, in the sequence in which they came. */
  private kept: Batch[] = []
  private rows = 0
  private readonly held = new KeptBytes()
  private seen = 0
  /** The last row that is among the first `limit`, once there are as many. */
  private worst: Place | undefined

  constructor(private readonly o: KeptRowsOptions) {}
  get bytes() {
    return this.held.total
  }
  add(batch: Batch): void {
    const b = batch.order ? batch : withOrder(batch, madeOrder(this.seen, batch.rows))
    this.seen += batch.rows
    const { limit, context, demand } = this.o
    const worst = this.worst
    // A row that is equal to the worst and comes after it is no better, unless equal ones are turned round.
    const least = this.o.reversed ? 1 : 0
    const few = worst ? filterRows(b, (row) => this.compare(b, row, worst.batch, worst.row) < least) : b
    if (!few || alive(few) === 0 || limit <= 0) return
    this.keep(materialise(few, demand, context.dictionary))
    if (this.rows >= 2 * limit + context.batchRows) this.trim()
  }
  *encode(): Iterable<State> {
    this.trim()
    for (const b of this.kept) yield stateOfRows(b)
  }
  /** Rows have no keys that could be dealt out: the first part takes them all. */
  absorb(state: State, part?: Part): void {
    if (part && part.index > 0) return
    this.keep(rowsOfState(state))
    if (this.rows >= 2 * this.o.limit + this.o.context.batchRows) this.trim()
  }
  *finish(): Iterable<Batch> {
    const all = this.sorted()
    const columns = columnsOf(all)
    const { batchRows } = this.o.context
    for (let from = 0; from < all.rows; from += batchRows) {
      const to = Math.min(all.rows, from + batchRows)
      yield batchOf(
        to - from,
        columns.map(([name, c]) => [name, sliced(c, from, to)] as const),
      )
    }
  }

  private keep(b: Batch): void {
    this.kept.push(b)
    this.rows += b.rows
    this.held.add(b)
    const last = this.kept.at(-2)
    // Few rows of each block come through a rare filter: batches of them are put together.
    if (last && this.kept.length % MANY_PARTS === 0 && this.rows / this.kept.length < this.o.context.batchRows / 2)
      this.replace(this.joined())
  }
  private replace(b: Batch): void {
    const columns = columnsOf(b)
    const whole = batchOf(b.rows, columns, b.order)
    this.kept = [whole]
    this.rows = b.rows
    this.held.clear()
    this.held.add(whole)
  }
  /** Forgets all but the first rows; they stay in the sequence in which they came, for those that are equal. */
  private trim(): void {
    if (this.rows <= this.o.limit) return
    const ids = this.order()
    const last = ids[this.o.limit - 1]!
    const first = ids.slice(0, this.o.limit).sort()
    const at = first.indexOf(last)
    this.replace(this.picked(first))
    this.worst = { batch: this.kept[0]!, row: at }
  }
  private joined(): Batch {
    return this.picked(Uint32Array.from({ length: this.rows }, (_, i) => i))
  }
  private sorted(): Batch {
    return this.picked(this.order().subarray(0, Math.min(this.rows, this.o.limit)))
  }

  /** Numbers of all kept rows, counted through the batches, in order. */
  private order(): Uint32Array {
    const ids = new Uint32Array(this.rows)
    const { part, row } = this.places()
    const { kept } = this
    const turn = this.o.reversed ? -1 : 1
    for (let i = 0; i < ids.length; i++) ids[i] = i
    return ids.sort((a, b) => this.compare(kept[part[a]!]!, row[a]!, kept[part[b]!]!, row[b]!) || (a - b) * turn)
  }
  private places() {
    const part = new Uint16Array(this.rows)
    const row = new Uint32Array(this.rows)
    let n = 0
    this.kept.forEach((b, p) => {
      for (let i = 0; i < b.rows; i++) {
        part[n] = p
        row[n++] = i
      }
    })
    return { part, row }
  }
  private picked(ids: Uint32Array): Batch {
    const { kept } = this
    const all = this.places()
    const part = new Uint16Array(ids.length)
    const row = new Uint32Array(ids.length)
    for (let i = 0; i < ids.length; i++) {
      part[i] = all.part[ids[i]!]!
      row[i] = all.row[ids[i]!]!
    }
    const joined = joinOrders(kept)
    return new Gather(
      { parts: kept, part: kept.length > 1 ? part : undefined, row },
      joined && pickOrder(joined, ids),
      this.o.context.dictionary,
    )
  }
  private compare(a: Batch, i: number, b: Batch, j: number): number {
    const order = this.o.compare(a, i, b, j)
    if (order !== 0 || !a.order || !b.order) return order
    return this.o.reversed ? compareOrder(b.order, j, a.order, i) : compareOrder(a.order, i, b.order, j)
  }
}
const MANY_PARTS = 1024

/** The columns of a batch, made. */
function columnsOf(b: Batch): (readonly [string, Column])[] {
  return b.names().flatMap((name) => {
    const c = b.column(name)
    return c ? [[name, c] as const] : []
  })
}

function joinOrders(batches: readonly Batch[]) {
  const n = batches.reduce((sum, b) => sum + b.rows, 0)
  const time = new Float64Array(n)
  const serial = new Float64Array(n)
  const index = new Uint16Array(n)
  let at = 0
  for (const { order, rows } of batches) {
    if (!order) return undefined
    time.set(order.time.subarray(0, rows), at)
    serial.set(order.serial.subarray(0, rows), at)
    if (typeof order.index === 'number') index.fill(order.index, at, at + rows)
    else index.set(order.index.subarray(0, rows), at)
    at += rows
  }
  return { time, serial, index }
}
