import { type Batch, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, type ConstantColumn, constant, valueAt } from '../batch/column'
import type { Memo, TextDictionary } from '../batch/dictionary'
import { multivalue, textsOf, type Value } from '../values/value'

/** What a command does with one value of a field, whatever the row. */
export interface ValueMap {
  /** Pure. A multivalue is given value by value, unless `lists` is set. */
  readonly of: (v: Value) => Value
  readonly lists?: boolean
}

/** The column with each value of the batch's alive rows replaced: once per entry of a dictionary. @param target  where the texts of the result go */
export function mapValues(batch: Batch, c: Column | undefined, map: ValueMap, target: TextDictionary): Column {
  if (c === undefined || c.kind === 'constant') return constantOf(c, map)
  const builder = new ColumnBuilder(target)
  fill(
    builder,
    batch,
    c.kind === 'dictionary'
      ? coded(
          c.codes,
          c.dictionary.memo(map, (code) => map.of(c.dictionary.text(code))),
          map,
        )
      : valued(c, map),
  )
  return builder.build()
}

function constantOf(c: ConstantColumn | undefined, map: ValueMap): Column {
  return constant(whole(c === undefined ? null : valueAt(c, 0), map))
}

/** A list value by value: what becomes null is left out. */
function whole(v: Value, map: ValueMap): Value {
  return Array.isArray(v) && !map.lists ? multivalue((v as readonly string[]).flatMap((t) => textsOf(map.of(t)))) : map.of(v)
}

function coded(codes: Int32Array, memo: Memo<Value>, map: ValueMap): (row: number) => Value {
  const ofNull = map.of(null)
  return (row) => {
    const code = codes[row]!
    if (code < 0) return ofNull
    const known = memo.values[code]
    return known === undefined ? memo.at(code) : known
  }
}

const valued = (c: Column, map: ValueMap) => (row: number) => whole(valueAt(c, row), map)

/** Values at the alive rows, nulls between them: as many as the batch has rows. */
export function fill(builder: ColumnBuilder, batch: Batch, at: (row: number) => Value): void {
  const rows = rowsOf(batch)
  for (let i = 0; i < rows.length; i++) {
    const r = rows[i]!
    while (builder.length < r) builder.push(null)
    builder.push(at(r))
  }
  while (builder.length < batch.rows) builder.push(null)
}
