import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'

/** What the arrays of a batch that was taken out of its block hold; texts are the dictionaries', which are counted where they are made. */
export const bytesOf = (b: Batch): number => b.names().reduce((sum, name) => sum + columnBytes(b.column(name)), b.order ? b.rows * 16 : 0)

function columnBytes(c: Column | undefined): number {
  if (c === undefined || c.kind === 'constant') return 0
  if (c.kind === 'dictionary') return c.codes.byteLength
  if (c.kind === 'multivalue') return c.codes.byteLength + c.offsets.byteLength
  return c.numbers.byteLength + (c.nulls?.byteLength ?? 0) + (c.places?.byteLength ?? 0)
}
