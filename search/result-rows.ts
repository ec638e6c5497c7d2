import { alive, type Batch, namesOfAll, renamed, withColumns } from '../spl/batch/batch'
import type { Column } from '../spl/batch/column'

/** At most `n` of the rows, from the first on. */
export const firstRows = (b: Batch, n: number): Batch =>
  alive(b) <= n ? b : b.narrow((b.selection ?? Uint32Array.from({ length: b.rows }, (_, i) => i)).subarray(0, Math.max(0, n)))

/** `_serial`: the position in the result, from 0. */
export function withSerial(b: Batch, first: number): Batch {
  const serial = (below: Batch): Column => {
    const numbers = new Float64Array(below.rows)
    const rows = below.selection
    for (let i = 0; i < (rows?.length ?? below.rows); i++) numbers[rows ? rows[i]! : i] = first + i
    return { kind: 'number', numbers }
  }
  if (!b.column('_raw')) return b
  return renamed(
    withColumns(b, new Map([['_serial', serial]])),
    (name) => name,
    () => namesOfAll([b.names(), ['_serial']]),
  )
}
