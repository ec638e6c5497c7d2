import { type Batch, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, valueAt } from '../batch/column'
import type { TextDictionary } from '../batch/dictionary'
import { textOf } from '../values/value'
import { fill } from './map-values'

const BRACES = /\{([^{}]*)\}/g

/** The fields whose values stand in a destination such as `pre_{a}`. An empty pair is a part of the name: `x{}` is what JSON arrays are called. */
export const nameFields = (to: string): string[] => [...to.matchAll(BRACES)].map((m) => m[1]!).filter((f) => f !== '')

/**
 * The columns that `eval {field}=…` sets: in each row the one that the row's values name, others as they were. A row where such a field
 * is missing stays as it is.
 */
export function columnsNamedByValues(
  batch: Batch,
  to: string,
  values: Column,
  context: { dictionary(name: string): TextDictionary },
): ReadonlyMap<string, Column> {
  const named = namesOfRows(batch, to)
  const out = new Map<string, Column>()
  for (const name of new Set(named.values())) {
    const under = batch.column(name)
    const builder = new ColumnBuilder(context.dictionary(name))
    fill(builder, batch, (row) => valueAt(named.get(row) === name ? values : under, row))
    out.set(name, builder.build())
  }
  return out
}

function namesOfRows(batch: Batch, to: string): ReadonlyMap<number, string> {
  const columns = new Map(nameFields(to).map((f) => [f, batch.column(f)]))
  const named = new Map<number, string>()
  for (const row of rowsOf(batch)) {
    let missing = false
    const name = to.replace(BRACES, (all, field: string) => {
      if (field === '') return all
      const text = textOf(valueAt(columns.get(field), row))
      missing ||= text === null
      return text ?? ''
    })
    if (!missing && name !== '') named.set(row, name)
  }
  return named
}
