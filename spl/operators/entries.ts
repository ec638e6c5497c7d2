/** Values of a column at the rows of groups, as statistics take them: free of nulls, multivalues spread. */
import { type Column, isNullAt, type MultivalueColumn, numberAt } from '../batch/column'
import { TextDictionary } from '../batch/dictionary'
import { indexAt, type Order } from '../batch/order'
import { EXACT, numberText } from '../values/number'
import type { Places } from './cell'
import type { Either } from './extreme-cell'
import type { Interner } from './interner'
import type { NumberCell } from './number-cell'

/** Rows of a column, their groups, and which rows of the batch they are. */
interface At {
  readonly rows: Uint32Array
  readonly groups: Int32Array
  readonly of: Uint32Array
}
type Plain = Exclude<Column, MultivalueColumn>

/** The column with its lists spread: each value stands in a row of its own. */
function spread(c: Column, rows: Uint32Array, groups: Int32Array): At & { readonly column: Plain } {
  if (c.kind === 'multivalue') return spreadLists(c, rows, groups)
  if (c.kind !== 'constant' || typeof c.value !== 'object' || c.value === null) return { column: c, rows, groups, of: rows }
  const dictionary = new TextDictionary()
  const list = c.value.map((t) => dictionary.append(t))
  const n = list.length
  const codes = Int32Array.from({ length: rows.length * n }, (_, i) => list[i % n]!)
  const offsets = Uint32Array.from({ length: rows.length + 1 }, (_, i) => i * n)
  const all = Uint32Array.from(rows.keys())
  const out = spreadLists({ kind: 'multivalue', offsets, codes, dictionary }, all, groups)
  return { ...out, of: out.of.map((i) => rows[i]!) }
}

function spreadLists(c: MultivalueColumn, rows: Uint32Array, groups: Int32Array): At & { readonly column: Plain } {
  let n = 0
  for (let i = 0; i < rows.length; i++) n += c.offsets[rows[i]! + 1]! - c.offsets[rows[i]!]!
  const codes = new Int32Array(n)
  const at = { rows: new Uint32Array(n), groups: new Int32Array(n), of: new Uint32Array(n) }
  let to = 0
  for (let i = 0; i < rows.length; i++) {
    for (let k = c.offsets[rows[i]!]!; k < c.offsets[rows[i]! + 1]!; k++) {
      codes[to] = c.codes[k]!
      at.rows[to] = to
      at.of[to] = rows[i]!
      at.groups[to++] = groups[i]!
    }
  }
  return { column: { kind: 'dictionary', codes, dictionary: c.dictionary }, ...at }
}

/** The groups of the values that are there, once for each. */
export function valuesOf(c: Column, rows: Uint32Array, groups: Int32Array): Int32Array {
  const s = spread(c, rows, groups)
  const out = new Int32Array(s.rows.length)
  let n = 0
  for (let i = 0; i < s.rows.length; i++) if (!isNullAt(s.column, s.rows[i]!)) out[n++] = s.groups[i]!
  return out.subarray(0, n)
}

export interface Numbers {
  readonly n: number
  readonly groups: Int32Array
  readonly x: Float64Array
}

/** @param odd  counts a group's values that are no numbers */
export function numbersOf(c: Column, rows: Uint32Array, groups: Int32Array, odd: NumberCell | undefined): Numbers {
  const s = spread(c, rows, groups)
  const x = new Float64Array(s.rows.length)
  const g = new Int32Array(s.rows.length)
  let n = 0
  for (let i = 0; i < s.rows.length; i++) {
    const v = numberAt(s.column, s.rows[i]!)
    if (v === v) {
      x[n] = v
      g[n++] = s.groups[i]!
    } else if (odd && !isNullAt(s.column, s.rows[i]!)) odd.of[s.groups[i]!]!++
  }
  return { n, groups: g, x }
}

export interface Texts {
  readonly n: number
  readonly groups: Int32Array
  readonly ids: Int32Array
  /** The row of the batch that each comes from. */
  readonly of: Uint32Array
}

export function textsOf(c: Column, rows: Uint32Array, groups: Int32Array, interner: Interner): Texts {
  const s = spread(c, rows, groups)
  const { ids } = interner.ids(s.column, s.rows)
  if (ids.indexOf(-1) < 0) return { n: ids.length, groups: s.groups, ids, of: s.of }
  const out = { groups: new Int32Array(ids.length), ids: new Int32Array(ids.length), of: new Uint32Array(ids.length) }
  let n = 0
  for (let i = 0; i < ids.length; i++) {
    if (ids[i]! < 0) continue
    out.groups[n] = s.groups[i]!
    out.of[n] = s.of[i]!
    out.ids[n++] = ids[i]!
  }
  return { n, ...out }
}

/** The places of rows in the order of events; by `time` where that is given, and then only of rows that have one. */
export function placesOf(
  texts: Texts,
  order: Order,
  time: { readonly column: Column | undefined } | undefined,
): Texts & { readonly places: Places } {
  const kept = time ? timedOnly(texts, time.column) : texts
  const { n, of } = kept
  const places = { time: new Float64Array(n), serial: new Float64Array(n), index: new Float64Array(n) }
  for (let i = 0; i < n; i++) {
    const r = of[i]!
    places.time[i] = time ? numberAt(time.column, r) : order.time[r]!
    places.serial[i] = order.serial[r]!
    places.index[i] = indexAt(order, r)
  }
  return { ...kept, places }
}

function timedOnly(t: Texts, time: Column | undefined): Texts {
  const out = { groups: new Int32Array(t.n), ids: new Int32Array(t.n), of: new Uint32Array(t.n) }
  let n = 0
  for (let i = 0; i < t.n; i++) {
    if (Number.isNaN(numberAt(time, t.of[i]!))) continue
    out.groups[n] = t.groups[i]!
    out.of[n] = t.of[i]!
    out.ids[n++] = t.ids[i]!
  }
  return { n, ...out }
}

/** Numbers where a value is one, texts where not. */
export function eitherOf(c: Column, rows: Uint32Array, groups: Int32Array, interner: Interner): Either {
  const s = spread(c, rows, groups)
  const x = new Float64Array(s.rows.length)
  const g = new Int32Array(s.rows.length)
  const at = new Uint32Array(s.rows.length)
  let n = 0
  for (let i = 0; i < s.rows.length; i++) {
    const r = s.rows[i]!
    if (isNullAt(s.column, r)) continue
    x[n] = numberAt(s.column, r)
    g[n] = s.groups[i]!
    at[n++] = r
  }
  return { n, groups: g, x, id: (i) => spellingId(s.column, at[i]!, x[i]!, interner) }
}

/** The id of a text, or of a number's spelling where that is not the usual one; else −1. */
function spellingId(c: Plain, row: number, x: number, interner: Interner): number {
  if (c.kind === 'dictionary') {
    const text = c.dictionary.text(c.codes[row]!)
    return x === x && numberText(x, EXACT) === text ? -1 : interner.ofCode(c.dictionary).at(c.codes[row]!)
  }
  const places = c.kind === 'number' ? (c.places?.[row] ?? EXACT) : c.places
  if (c.kind === 'constant' && typeof c.value === 'string') return numberText(x, EXACT) === c.value ? -1 : interner.ofText(c.value)
  return places === EXACT ? -1 : interner.ofText(numberText(x, places))
}
