import { type Batch, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, constant, type DictionaryColumn, type MultivalueColumn, type NumberColumn, valueAt } from '../batch/column'
import type { TextDictionary } from '../batch/dictionary'
import { fill } from './map-values'

/** Which group each row of a batch belongs to, at the row's place; −1: none. */
export interface RowGroups {
  readonly groups: Int32Array
  /** Whether each alive row has one. */
  readonly all: boolean
}

export function rowGroups(batch: Batch, groups: Int32Array): RowGroups {
  return { groups, all: rowsOf(batch).every((row) => groups[row]! >= 0) }
}

interface Below {
  /** The field as it was. */
  readonly old: Column | undefined
  readonly target: () => TextDictionary
}

/** A column over groups as one over rows. A row without a group keeps what it has. */
export function byGroup(batch: Batch, x: RowGroups, of: Column, { old, target }: Below): Column {
  if (of.kind === 'constant' && x.all) return of
  if (of.kind === 'constant' || (old !== undefined && !x.all)) {
    const builder = new ColumnBuilder(target())
    fill(builder, batch, (row) => (x.groups[row]! < 0 ? valueAt(old, row) : valueAt(of, x.groups[row]!)))
    return builder.build()
  }
  if (of.kind === 'multivalue') return listsByGroup(batch, x.groups, of)
  return of.kind === 'dictionary' ? textsByGroup(batch, x.groups, of) : numbersByGroup(batch, x.groups, of)
}

function textsByGroup(batch: Batch, groups: Int32Array, of: DictionaryColumn): Column {
  const rows = rowsOf(batch)
  const codes = new Int32Array(batch.rows).fill(-1)
  for (let i = 0; i < rows.length; i++) {
    const g = groups[rows[i]!]!
    if (g >= 0) codes[rows[i]!] = of.codes[g]!
  }
  return { kind: 'dictionary', codes, dictionary: of.dictionary }
}

function numbersByGroup(batch: Batch, groups: Int32Array, of: NumberColumn): Column {
  const rows = rowsOf(batch)
  const numbers = new Float64Array(batch.rows)
  const nulls = new Uint8Array(batch.rows).fill(1)
  for (let i = 0; i < rows.length; i++) {
    const g = groups[rows[i]!]!
    if (g < 0 || of.nulls?.[g]) continue
    numbers[rows[i]!] = of.numbers[g]!
    nulls[rows[i]!] = 0
  }
  return { kind: 'number', numbers, nulls }
}

function listsByGroup(batch: Batch, groups: Int32Array, of: MultivalueColumn): Column {
  const sizes = new Uint32Array(batch.rows)
  for (const row of rowsOf(batch)) {
    const g = groups[row]!
    if (g >= 0) sizes[row] = of.offsets[g + 1]! - of.offsets[g]!
  }
  const offsets = new Uint32Array(batch.rows + 1)
  for (let r = 0; r < batch.rows; r++) offsets[r + 1] = offsets[r]! + sizes[r]!
  const codes = new Int32Array(offsets[batch.rows]!)
  for (let r = 0; r < batch.rows; r++) {
    if (sizes[r] === 0) continue
    const from = of.offsets[groups[r]!]!
    codes.set(of.codes.subarray(from, from + sizes[r]!), offsets[r]!)
  }
  return { kind: 'multivalue', offsets, codes, dictionary: of.dictionary }
}

/** The one value of a column over a single group. */
export const single = (c: Column): Column => (c.kind === 'constant' ? c : constant(valueAt(c, 0)))
