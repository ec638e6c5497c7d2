import { alive, type Batch, rowsOf } from '../batch/batch'
import { Gather, type Unify } from '../batch/gather'
import { compareOrder, type Order, pickedOrder } from '../batch/order'

/** A batch and the place up to which its rows have been taken. */
interface Cursor {
  readonly batch: Batch
  readonly order: Order
  readonly rows: Uint32Array
  /** Sources with equal keys (one event multiplied by a map) keep their sequence: the earlier source first. */
  readonly source: number
  at: number
}

/**
 * Merges batches by the order of events. Batches are added as they come; rows leave once no batch to come can hold an earlier one.
 * Each batch's own rows are put in order when it is added.
 */
export class OrderedMerge {
  private readonly heap: Cursor[] = []
  private parts: Batch[] = []
  private readonly partOf = new Map<Batch, number>()
  private part: number[] = []
  private row: number[] = []
  private added = 0

  constructor(
    private readonly size: number,
    private readonly unify: Unify,
  ) {}

  add(batch: Batch): void {
    if (alive(batch) === 0) return
    const order = batch.order
    if (!order) throw new Error('BUG: a batch without its place in the order of events')
    const rows = sorted(rowsOf(batch), order)
    this.push({ batch, order, rows, source: this.added++, at: 0 })
  }
  get empty(): boolean {
    return this.heap.length === 0
  }
  /** The `_time` key of the row in front; −∞ when there is none. */
  get front(): number {
    const top = this.heap[0]
    return top ? top.order.time[top.rows[top.at]!]! : Number.NEGATIVE_INFINITY
  }

  /**
   * Batches of rows that stand before all that may still come.
   * @param bound  no row to come is later than this `_time`: rows at it or before it must wait
   */
  *take(bound: number): Generator<Batch> {
    while (this.heap.length > 0 && this.front > bound) {
      this.run(bound)
      if (this.row.length >= this.size) yield this.flush()!
    }
  }

  /** Rows of the cursor in front until another one is ahead, the batch is full, or the bound is met. */
  private run(bound: number): void {
    const top = this.heap[0]!
    const next = this.second()
    const p = this.partIndex(top.batch)
    const { order, rows } = top
    do {
      this.part.push(p)
      this.row.push(rows[top.at++]!)
    } while (top.at < rows.length && this.row.length < this.size && order.time[rows[top.at]!]! > bound && (!next || precedes(top, next)))
    if (top.at >= rows.length) this.pop()
    else this.down(0)
  }
  private partIndex(batch: Batch): number {
    let p = this.partOf.get(batch)
    if (p === undefined) {
      p = this.parts.push(batch) - 1
      this.partOf.set(batch, p)
    }
    return p
  }
  private second(): Cursor | undefined {
    const [, l, r] = this.heap
    return l && r ? (precedes(l, r) ? l : r) : (l ?? r)
  }

  /** What was taken and not yet given; undefined when there is nothing. */
  flush(): Batch | undefined {
    const n = this.row.length
    if (n === 0) return undefined
    const row = Uint32Array.from(this.row)
    const part = this.parts.length > 1 ? Uint16Array.from(this.part) : undefined
    const order = pickedOrder(
      this.parts.map((b) => b.order!),
      part,
      row,
    )
    const out = new Gather({ parts: this.parts, part, row }, order, this.unify)
    this.parts = []
    this.partOf.clear()
    this.part = []
    this.row = []
    return out
  }

  private push(c: Cursor): void {
    this.heap.push(c)
    let i = this.heap.length - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      if (!precedes(this.heap[i]!, this.heap[up]!)) break
      this.swap(i, up)
      i = up
    }
  }
  private pop(): void {
    const last = this.heap.pop()!
    if (this.heap.length === 0) return
    this.heap[0] = last
    this.down(0)
  }
  private down(i: number): void {
    for (;;) {
      const l = 2 * i + 1
      let least = i
      if (l < this.heap.length && precedes(this.heap[l]!, this.heap[least]!)) least = l
      if (l + 1 < this.heap.length && precedes(this.heap[l + 1]!, this.heap[least]!)) least = l + 1
      if (least === i) return
      this.swap(i, least)
      i = least
    }
  }
  private swap(i: number, j: number): void {
    const c = this.heap[i]!
    this.heap[i] = this.heap[j]!
    this.heap[j] = c
  }
}

function precedes(a: Cursor, b: Cursor): boolean {
  const order = compareOrder(a.order, a.rows[a.at]!, b.order, b.rows[b.at]!)
  return order !== 0 ? order < 0 : a.source < b.source
}

/** Rows in the order of events; the same array when they are. */
function sorted(rows: Uint32Array, o: Order): Uint32Array {
  for (let i = 1; i < rows.length; i++) {
    if (compareOrder(o, rows[i - 1]!, o, rows[i]!) > 0) return rows.slice().sort((a, b) => compareOrder(o, a, o, b) || a - b)
  }
  return rows
}
