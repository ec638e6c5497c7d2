import { type Batch, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, constant, type DictionaryColumn } from '../batch/column'
import type { TextDictionary } from '../batch/dictionary'
import { EXACT } from '../values/number'
import type { Value } from '../values/value'
import type { Program } from './compile'
import type { Scalar } from './compiled'

/** The column of an expression over the rows that are alive. A boolean is no value of a field: null. */
export function evaluateColumn(p: Program, batch: Batch, dictionary: () => TextDictionary): Column {
  if ('field' in p.root.node) return batch.column(p.root.node.field) ?? constant(null)
  if (p.fields.length === 0 && p.root.pure) return constantColumn(p, batch)
  const rows = rowsOf(batch)
  return textColumn(p, batch, rows, dictionary) ?? anyColumn(p, batch, rows, dictionary)
}

const storable = (v: Scalar): Value => (typeof v === 'boolean' ? null : Array.isArray(v) && v.length < 2 ? (v[0] ?? null) : v)

function constantColumn(p: Program, batch: Batch): Column {
  const f = p.frame(batch)
  const v = storable(p.root.value(f))
  return constant(v, typeof v === 'number' ? f.places : EXACT)
}

/** One dictionary field in, texts out: a code for a code. Gives up where a result is no text. */
function textColumn(p: Program, batch: Batch, rows: Uint32Array, dictionary: () => TextDictionary): Column | undefined {
  if (p.fields.length !== 1 || !p.root.pure || p.type === 'number') return undefined
  const source = batch.column(p.fields[0]!)
  if (source?.kind !== 'dictionary') return undefined
  const target = dictionary()
  const f = p.frame(batch)
  const one: DictionaryColumn = { kind: 'dictionary', codes: new Int32Array(1), dictionary: source.dictionary }
  f.columns = [one]
  const memo = source.dictionary.memo(keyFor(p, target), (code): number => {
    one.codes[0] = code
    const v = storable(p.direct.value(f))
    return v === null ? -1 : typeof v === 'string' ? target.intern(v) : -2
  })
  const codes = new Int32Array(batch.rows)
  const known = memo.values
  const nullCode = nullResult(p, batch, target)
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]!
    const code = source.codes[r]!
    const out = code < 0 ? nullCode : (known[code] ?? memo.at(code))
    if (out === -2) return undefined
    codes[r] = out
  }
  return { kind: 'dictionary', codes, dictionary: target }
}

/** A memo belongs to a program and the dictionary that its texts go to. */
function keyFor(p: Program, target: TextDictionary): object {
  let byTarget = KEYS.get(p)
  if (!byTarget) KEYS.set(p, (byTarget = new WeakMap()))
  let key = byTarget.get(target)
  if (!key) byTarget.set(target, (key = {}))
  return key
}
const KEYS = new WeakMap<Program, WeakMap<TextDictionary, object>>()

/** What the expression gives where its field is missing: `coalesce` and `if` may give a text. */
function nullResult(p: Program, batch: Batch, target: TextDictionary): number {
  const f = p.frame(batch)
  f.columns = [undefined]
  const v = storable(p.root.value(f))
  return v === null ? -1 : typeof v === 'string' ? target.intern(v) : -2
}

function anyColumn(p: Program, batch: Batch, rows: Uint32Array, dictionary: () => TextDictionary): Column {
  const f = p.frame(batch)
  const builder = new ColumnBuilder(dictionary())
  let next = 0
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]!
    for (; next < r; next++) builder.push(null)
    f.row = r
    f.places = EXACT
    const v = storable(p.root.value(f))
    builder.push(v, typeof v === 'number' ? f.places : EXACT)
    next = r + 1
  }
  for (; next < batch.rows; next++) builder.push(null)
  return builder.build()
}

/** The rows for which a boolean expression is true; undefined when none is, the batch itself when all are. */
export function filterBy(p: Program, batch: Batch): Batch | undefined {
  const f = p.frame(batch)
  const rows = rowsOf(batch)
  const kept = new Uint32Array(rows.length)
  let n = 0
  for (let i = 0; i < rows.length; i++) {
    f.row = rows[i]!
    if (p.root.truth(f)) kept[n++] = f.row
  }
  return n === 0 ? undefined : n === rows.length ? batch : batch.narrow(kept.subarray(0, n))
}
