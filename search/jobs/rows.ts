import { type Batch, rowsOf } from '../../spl/batch/batch'
import { type Column, valueAt } from '../../spl/batch/column'
import { matches } from '../../spl/batch/demand'
import { textOf, type Value } from '../../spl/values/value'
import type { Cell, Rows } from '../head'

/** Rows `from` … `to` (of those alive) of a batch as a table of texts. @param fields  only these, with wildcards; all when empty */
export function tableOf(b: Batch, from: number, to: number, fields: readonly string[] = []): Rows {
  const names = fields.length === 0 ? b.names() : chosen(b.names(), fields)
  const columns = names.map((n) => b.column(n))
  const rows = rowsOf(b)
  const out: Cell[][] = []
  for (let i = from; i < to; i++) out.push(columns.map((c) => cellAt(c, rows[i]!)))
  return { fields: names, rows: out }
}

/** In the order in which they were asked for, those of a wildcard as they stand. */
function chosen(names: readonly string[], fields: readonly string[]): string[] {
  return [...new Set(fields.flatMap((f) => names.filter((n) => matches(f, n))))]
}

function cellAt(c: Column | undefined, row: number): Cell {
  const v: Value = valueAt(c, row)
  return typeof v === 'object' ? v : textOf(v)
}

/** Several tables as one: the fields of all, each row with null for what its table lacks. */
export function joined(tables: readonly Rows[]): Rows {
  if (tables.length === 1) return tables[0]!
  const fields = [...new Set(tables.flatMap((t) => t.fields))]
  const rows = tables.flatMap((t) => {
    const at = fields.map((f) => t.fields.indexOf(f))
    return t.rows.map((r) => at.map((k) => (k < 0 ? null : r[k]!)))
  })
  return { fields, rows }
}
