import { alive, type Batch, namesOfAll, rowsOf } from '../../spl/batch/batch'
import { decodeBatch } from '../../spl/batch/codec'
import { type Column, valueAt } from '../../spl/batch/column'
import { matches } from '../../spl/batch/demand'
import { textOf, type Value } from '../../spl/values/value'
import type { Cell, Rows, RowsRequest } from '../head'
import type { SpoolReader } from './spool'

/** Rows of one chunk of a stream. */
const CHUNK_ROWS = 1000

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
  const fields = namesOfAll(tables.map((t) => t.fields))
  const rows = tables.flatMap((t) => {
    const at = fields.map((f) => t.fields.indexOf(f))
    return t.rows.map((r) => at.map((k) => (k < 0 ? null : r[k]!)))
  })
  return { fields, rows }
}

/** A page of a spool. */
export async function page(spool: SpoolReader, r: RowsRequest): Promise<Rows> {
  const tables: Rows[] = []
  for await (const { batch, from, to } of spool.read(r.offset, r.count || Number.POSITIVE_INFINITY))
    tables.push(tableOf(batch, from, to, r.fields))
  return tables.length === 0 ? { fields: [], rows: [] } : joined(tables)
}

/** A spool from a row to its end as it stands, a chunk at a time. */
export async function* chunks(spool: SpoolReader, offset: number, fields: readonly string[] | undefined): AsyncGenerator<Rows> {
  for await (const { batch, from, to } of spool.read(offset, Number.POSITIVE_INFINITY))
    for (let i = from; i < to; i += CHUNK_ROWS) yield tableOf(batch, i, Math.min(to, i + CHUNK_ROWS), fields)
}

/** A page of a preview. @param frames  its encoded batches */
export function previewRows(frames: readonly Uint8Array[], r: RowsRequest): Rows {
  const all = joined(frames.map((f) => decodeBatch(f)).map((b) => tableOf(b, 0, alive(b), r.fields)))
  return { fields: all.fields, rows: all.rows.slice(r.offset, r.count ? r.offset + r.count : undefined) }
}
