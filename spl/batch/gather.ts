import { EXACT } from '../values/number'
import { type Batch, batchOf, namesOfAll, rowsOf } from './batch'
import { ColumnBuilder } from './builder'
import { type Column, type DictionaryColumn, type MultivalueColumn, type NumberColumn, placesAt, valueAt } from './column'
import { type Demand, namesWanted } from './demand'
import type { Dictionary, TextDictionary } from './dictionary'
import { type Order, pickOrder } from './order'

/** Where columns of several dictionaries are brought together. */
export type Unify = (name: string) => TextDictionary

/** Rows picked from several batches: row i is row `row[i]` of `parts[part[i]]`. */
export interface Picked {
  readonly parts: readonly Batch[]
  readonly part: Uint16Array | undefined
  readonly row: Uint32Array
}

/** Rows picked from several batches, their columns gathered when asked for: merge, sort, mvexpand, compaction. */
export class Gather implements Batch {
  private readonly made = new Map<string, Column | undefined>()
  private few: readonly Batch[] | undefined
  constructor(
    private readonly picked: Picked,
    readonly order: Order | undefined,
    private readonly unify: Unify,
    /** Narrowed from another, whose columns it shares. */
    private readonly narrowed?: { readonly selection: Uint32Array; readonly from: Gather },
  ) {}
  get selection() {
    return this.narrowed?.selection
  }
  get rows() {
    return this.picked.row.length
  }
  names() {
    const { parts } = this.picked
    return parts.length === 1 ? parts[0]!.names() : namesOfAll(parts.map((p) => p.names()))
  }
  narrow(selection: Uint32Array): Batch {
    return new Gather(this.picked, this.order, this.unify, { selection, from: this.narrowed?.from ?? this })
  }
  /** Rows of this batch, in the sequence given, picked from its parts: fields are then made at these rows only. */
  pick(rows: Uint32Array, unify: Unify): Gather {
    const { parts, part, row } = this.picked
    const of = part && new Uint16Array(rows.length)
    const at = new Uint32Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      at[i] = row[rows[i]!]!
      if (of) of[i] = part[rows[i]!]!
    }
    return new Gather({ parts, part: of, row: at }, this.order && pickOrder(this.order, rows), unify)
  }
  /** Gathered for all rows at once: a narrower batch shares it. */
  column(name: string): Column | undefined {
    if (this.narrowed) return this.narrowed.from.column(name)
    if (this.made.has(name)) return this.made.get(name)
    const { part, row } = this.picked
    const columns = this.sources().map((p) => p.column(name))
    const column = gather(columns, { part, row }, () => this.unify(name))
    this.made.set(name, column)
    return column
  }
  /** The parts with only the picked rows alive, so that a field is extracted for no other row. */
  private sources(): readonly Batch[] {
    if (this.few) return this.few
    const { parts, part, row } = this.picked
    const flags = parts.map((p) => new Uint8Array(p.rows))
    for (let i = 0; i < row.length; i++) flags[part ? part[i]! : 0]![row[i]!] = 1
    this.few = parts.map((p, k) => p.narrow(rowsOf(p).filter((r) => flags[k]![r] === 1)))
    return this.few
  }
}

type Places = Pick<Picked, 'part' | 'row'>

function gather(columns: readonly (Column | undefined)[], at: Places, unify: () => TextDictionary): Column | undefined {
  const kinds = new Set(columns.map((c) => c?.kind ?? 'none'))
  if (kinds.size > 1) return gatherValues(columns, at, unify)
  if (kinds.has('none')) return undefined
  if (kinds.has('dictionary')) return gatherTexts(columns as readonly DictionaryColumn[], at, unify)
  if (kinds.has('number')) return gatherNumbers(columns as readonly NumberColumn[], at)
  const only = columns.length === 1 ? columns[0]! : undefined
  return only === undefined ? gatherValues(columns, at, unify) : only.kind === 'multivalue' ? gatherLists(only, at.row) : only
}

/** Columns of several kinds, value by value. */
function gatherValues(columns: readonly (Column | undefined)[], { part, row }: Places, unify: () => TextDictionary): Column {
  const builder = new ColumnBuilder(unify())
  for (let i = 0; i < row.length; i++) {
    const c = columns[part ? part[i]! : 0]
    const r = row[i]!
    if (c && (c.kind === 'number' || (c.kind === 'constant' && typeof c.value === 'number'))) pushNumber(builder, c, r)
    else builder.push(valueAt(c, r))
  }
  return builder.build()
}

function pushNumber(builder: ColumnBuilder, c: Column, r: number): void {
  const number = c.kind === 'number' ? (c.nulls?.[r] ? null : c.numbers[r]!) : ((c as { value: number }).value as number)
  builder.push(number, number === null ? EXACT : placesAt(c, r))
}

function gatherTexts(columns: readonly DictionaryColumn[], { part, row }: Places, unify: () => TextDictionary): Column {
  const out = new Int32Array(row.length)
  const first = columns[0]!.dictionary
  if (columns.every((c) => c.dictionary === first)) {
    for (let i = 0; i < row.length; i++) out[i] = columns[part ? part[i]! : 0]!.codes[row[i]!]!
    return { kind: 'dictionary', codes: out, dictionary: first }
  }
  const target = unify()
  const memo = (d: Dictionary) => (d === target ? undefined : d.memo(target, (code) => target.intern(d.text(code))))
  const memos = columns.map((c) => memo(c.dictionary))
  for (let i = 0; i < row.length; i++) {
    const p = part ? part[i]! : 0
    const code = columns[p]!.codes[row[i]!]!
    const m = memos[p]
    out[i] = code < 0 || !m ? code : m.at(code)
  }
  return { kind: 'dictionary', codes: out, dictionary: target }
}

function gatherNumbers(columns: readonly NumberColumn[], { part, row }: Places): Column {
  const n = row.length
  const numbers = new Float64Array(n)
  const nulls = columns.some((c) => c.nulls) ? new Uint8Array(n) : undefined
  const places = columns.some((c) => c.places) ? new Int8Array(n) : undefined
  for (let i = 0; i < n; i++) {
    const c = columns[part ? part[i]! : 0]!
    const r = row[i]!
    numbers[i] = c.numbers[r]!
    if (nulls) nulls[i] = c.nulls?.[r] ?? 0
    if (places) places[i] = c.places?.[r] ?? EXACT
  }
  return { kind: 'number', numbers, ...(nulls && { nulls }), ...(places && { places }) }
}

function gatherLists(c: MultivalueColumn, row: Uint32Array): Column {
  const n = row.length
  const offsets = new Uint32Array(n + 1)
  for (let i = 0; i < n; i++) offsets[i + 1] = offsets[i]! + c.offsets[row[i]! + 1]! - c.offsets[row[i]!]!
  const codes = new Int32Array(offsets[n]!)
  for (let i = 0; i < n; i++) {
    let to = offsets[i]!
    for (let k = c.offsets[row[i]!]!; k < c.offsets[row[i]! + 1]!; k++) codes[to++] = c.codes[k]!
  }
  return { kind: 'multivalue', offsets, codes, dictionary: c.dictionary }
}

/** Picked rows of one batch, in the sequence given. */
export const pick = (b: Batch, rows: Uint32Array, unify: Unify): Batch =>
  b instanceof Gather
    ? b.pick(rows, unify)
    : new Gather({ parts: [b], part: undefined, row: rows }, b.order && pickOrder(b.order, rows), unify)

/** Only the alive rows, as rows 0 … n−1. */
export const compact = (b: Batch, unify: Unify): Batch => (b.selection ? pick(b, b.selection, unify) : b)

/**
 * The wanted columns of the alive rows, taken out of what they were part of: afterwards the batch pins no block.
 * Who keeps rows calls this; columns of a wildcard that hold no value are left out.
 */
export function materialise(b: Batch, d: Demand, unify: Unify): Batch {
  const rows = rowsOf(b)
  const taken = pick(b, rows, unify)
  const columns: [string, Column][] = []
  for (const name of namesWanted(b, d)) {
    const c = taken.column(name)
    if (c) columns.push([name, c])
  }
  return batchOf(rows.length, columns, taken.order)
}

/** Whether any of the rows has a value. */
export function hasValue(c: Column | undefined, rows: Uint32Array): boolean {
  if (c === undefined) return false
  if (c.kind === 'constant') return c.value !== null && rows.length > 0
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]!
    if (c.kind === 'dictionary' ? c.codes[r]! >= 0 : c.kind === 'number' ? !c.nulls?.[r] : c.offsets[r + 1]! > c.offsets[r]!) return true
  }
  return false
}
