import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'
import type { Dictionary } from '../batch/dictionary'

/** What batches that were taken out of their blocks hold: their arrays and, each once and as they grow, the dictionaries of their texts. */
export class KeptBytes {
  private arrays = 0
  private readonly dictionaries = new Set<Dictionary>()

  get total(): number {
    let sum = this.arrays
    for (const d of this.dictionaries) sum += d.bytes
    return sum
  }
  add(b: Batch): void {
    this.arrays += b.order ? b.rows * 16 : 0
    for (const name of b.names()) this.column(b.column(name))
  }
  clear(): void {
    this.arrays = 0
    this.dictionaries.clear()
  }

  private column(c: Column | undefined): void {
    if (c === undefined || c.kind === 'constant') return
    if (c.kind === 'number') this.arrays += c.numbers.byteLength + (c.nulls?.byteLength ?? 0) + (c.places?.byteLength ?? 0)
    else {
      this.arrays += c.codes.byteLength + (c.kind === 'multivalue' ? c.offsets.byteLength : 0)
      this.dictionaries.add(c.dictionary)
    }
  }
}
