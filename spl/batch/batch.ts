import type { Segmentation } from '../segments/segmentation'
import { compareTexts } from '../values/compare'
import type { ByteSearch, TakeBytes } from './byte-search'
import type { Column } from './column'
import { madeOrder, type Order } from './order'

/** Rows between two stages, as columns. */
export interface Batch {
  /** Length of the arrays. */
  readonly rows: number
  /** Rows that are alive, in the batch's order; all when absent. */
  readonly selection: Uint32Array | undefined
  readonly order: Order | undefined
  /** Names of the fields, in byte order unless a stage set another one. May cost a scan and name too much: ask only for a wildcard. */
  names(): readonly string[]
  /** Made when first asked for, at the rows selected then; good for every narrower batch. */
  column(name: string): Column | undefined
  /** The same rows, fewer alive. Each kind narrows itself, so that laziness survives a filter. */
  narrow(selection: Uint32Array): Batch
  /**
   * Raw bytes while the rows are one block's: row i is data[offsets[i]] … data[offsets[i+1]]. To be asked for anew before each use: they
   * may be overwritten when other blocks are read.
   */
  bytes?(): { readonly data: Uint8Array; readonly offsets: Uint32Array } | undefined
  /** Looks for values in some rows, ascending, without giving their bytes away; false where `bytes` must do. */
  search?(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean
  /** Which rows of a store they are, while they are its own. */
  readonly stored?: StoredRows | undefined
  /** How the event of a row was cut when it was indexed, while the rows are a store's own; undefined: all of them in full. */
  segmentation?(): RowSegmentation | undefined
}
/** Equal names, equal rows, whenever they are read: for what is kept of them between searches. */
export interface StoredRows {
  readonly stretch: string
  /** Rows of each part of the stretch, one after another. */
  readonly lengths: Uint32Array
  /** `all`: all parts, with their texts, of one source and source type; undefined: all parts, of any, without. */
  readonly part: number | 'all' | undefined
  /** The same with all rows alive. */
  whole(): Batch
}
export type RowSegmentation = (row: number) => Segmentation

const IDENTITY = identity(1 << 16)
function identity(n: number): Uint32Array {
  const a = new Uint32Array(n)
  for (let i = 0; i < n; i++) a[i] = i
  return a
}

/** The rows that are alive. Read only: it may be shared. */
export const rowsOf = (b: Batch): Uint32Array =>
  b.selection ?? (b.rows <= IDENTITY.length ? IDENTITY.subarray(0, b.rows) : identity(b.rows))
export const alive = (b: Batch): number => b.selection?.length ?? b.rows

class PlainBatch implements Batch {
  constructor(
    readonly rows: number,
    private readonly columns: ReadonlyMap<string, Column>,
    readonly order: Order | undefined,
    readonly selection: Uint32Array | undefined,
  ) {}
  names() {
    return [...this.columns.keys()]
  }
  column(name: string) {
    return this.columns.get(name)
  }
  narrow(selection: Uint32Array): Batch {
    return new PlainBatch(this.rows, this.columns, this.order, selection)
  }
}

/** A batch of ready columns; the names stand in the order given. */
export function batchOf(rows: number, columns: Iterable<readonly [string, Column]>, order?: Order): Batch {
  return new PlainBatch(rows, new Map(columns), order, undefined)
}

/** A column, or how to make it from the batch below at the rows that are alive when it is first asked for. */
export type Lazy = Column | ((below: Batch) => Column | undefined)

/** What an overlay changes: columns put over, names looked up elsewhere (undefined: hidden), and the list of names. */
interface View {
  readonly added: ReadonlyMap<string, Lazy>
  from(name: string): string | undefined
  list(base: Batch): readonly string[]
}

class Overlay implements Batch {
  private readonly made = new Map<string, Column | undefined>()
  constructor(
    private readonly base: Batch,
    private readonly view: View,
    private readonly wider?: Overlay,
  ) {}
  get rows() {
    return this.base.rows
  }
  get selection() {
    return this.base.selection
  }
  get order() {
    return this.base.order
  }
  names() {
    return this.view.list(this.base)
  }
  column(name: string): Column | undefined {
    const own = this.view.added.get(name)
    if (own === undefined) {
      const from = this.view.from(name)
      return from === undefined ? undefined : this.base.column(from)
    }
    if (typeof own !== 'function') return own
    // Made for more rows: good for these too.
    for (let o: Overlay | undefined = this; o; o = o.wider) if (o.made.has(name)) return o.made.get(name)
    const column = own(this.base)
    this.made.set(name, column)
    return column
  }
  narrow(selection: Uint32Array): Batch {
    return new Overlay(this.base.narrow(selection), this.view, this)
  }
  bytes() {
    // Raw bytes stay readable only while `_raw` is the event's own.
    return this.view.added.has('_raw') || this.view.from('_raw') !== '_raw' ? undefined : this.base.bytes?.()
  }
  segmentation() {
    return this.base.segmentation?.()
  }
}

/** Columns put over another batch, lazily: eval, rex, lookup, bin, aliases, calculated fields. New names stand last. */
export function withColumns(b: Batch, added: ReadonlyMap<string, Lazy>): Batch {
  return new Overlay(b, { added, from: (name) => name, list: (base) => unique(base.names(), added.keys()) })
}

/** Other names for the columns of a batch. @param from the name below, or undefined when there is none @param list the names above */
export function renamed(b: Batch, from: (name: string) => string | undefined, list: (base: Batch) => readonly string[]): Batch {
  return new Overlay(b, { added: new Map(), from, list })
}

const unique = (a: Iterable<string>, b: Iterable<string>): string[] => [...new Set([...a, ...b])]

/** The same batch with another key: for stages that give their rows a sequence of their own. */
export function withOrder(b: Batch, order: Order): Batch {
  return new Ordered(b, order)
}
class Ordered implements Batch {
  constructor(
    private readonly base: Batch,
    readonly order: Order,
  ) {}
  get rows() {
    return this.base.rows
  }
  get selection() {
    return this.base.selection
  }
  names() {
    return this.base.names()
  }
  column(name: string) {
    return this.base.column(name)
  }
  narrow(selection: Uint32Array): Batch {
    return new Ordered(this.base.narrow(selection), this.order)
  }
}

/** Gives the rows of a stage's whole output new keys, batch after batch, in their sequence. */
export function numbering(): (b: Batch) => Batch {
  let next = 0
  return (b) => {
    const rows = rowsOf(b)
    const order = b.selection ? spreadOrder(next, rows, b.rows) : madeOrder(next, b.rows)
    next += rows.length
    return withOrder(b, order)
  }
}
function spreadOrder(first: number, rows: Uint32Array, length: number): Order {
  const serial = new Float64Array(length)
  for (let i = 0; i < rows.length; i++) serial[rows[i]!] = Number.MAX_SAFE_INTEGER - first - i
  return { time: new Float64Array(length), serial, index: 0 }
}

/** Keeps the alive rows for which `test` says so; the batch itself when all stay. */
export function filterRows(b: Batch, test: (row: number) => boolean): Batch | undefined {
  const rows = rowsOf(b)
  const kept = new Uint32Array(rows.length)
  let n = 0
  for (let i = 0; i < rows.length; i++) if (test(rows[i]!)) kept[n++] = rows[i]!
  return n === 0 ? undefined : n === rows.length ? b : b.narrow(kept.subarray(0, n))
}

export const sortedNames = (names: Iterable<string>): string[] => [...new Set(names)].sort(compareTexts)

/**
 * Several lists of names as one. Which there are, and in what sequence, may depend on how the rows were read: so in byte order where
 * each of them is.
 */
export function namesOfAll(lists: readonly (readonly string[])[]): string[] {
  const inOrder = (names: readonly string[]) => names.every((n, i) => i === 0 || compareTexts(names[i - 1]!, n) < 0)
  return lists.every(inOrder) ? sortedNames(lists.flat()) : [...new Set(lists.flat())]
}
