import type { Batch } from '../batch/batch'
import { rowsOf } from '../batch/batch'
import { type Column, valueAt } from '../batch/column'
import { textOf, type Value } from '../values/value'

/**
 * Numbers the combinations of some fields' values, from 0 on, in the order in which they are first met. A multivalue counts as a whole:
 * it differs from its own values.
 */
export class Combinations {
  private readonly texts: ReadonlyMap<string, Map<string, number>>
  private readonly pairs: readonly Map<number, number>[]
  private readonly keys: ReadonlyMap<string, object>
  count = 0
  bytes = 0

  constructor(private readonly fields: readonly string[]) {
    this.texts = new Map(fields.map((f) => [f, new Map()]))
    this.keys = new Map(fields.map((f) => [f, {}]))
    this.pairs = fields.slice(1).map(() => new Map())
  }

  /** The number of each alive row's combination, at the row's place; −1 where one of the fields has no value. */
  assign(batch: Batch): Int32Array {
    const rows = rowsOf(batch)
    const out = new Int32Array(batch.rows)
    this.fields.forEach((field, k) => {
      const at = this.numbers(field, batch.column(field))
      const pairs = this.pairs[k - 1]
      for (let i = 0; i < rows.length; i++) {
        const r = rows[i]!
        const id = at(r)
        if (!pairs) out[r] = id
        else if (out[r]! >= 0) out[r] = id < 0 ? -1 : this.pair(pairs, out[r]!, id)
      }
    })
    this.count = this.pairs.at(-1)?.size ?? this.texts.get(this.fields[0]!)!.size
    return out
  }

  private numbers(field: string, c: Column | undefined): (row: number) => number {
    const known = this.texts.get(field)!
    if (c?.kind === 'dictionary') {
      const memo = c.dictionary.memo(this.keys.get(field)!, (code) => this.number(known, c.dictionary.text(code)))
      return (row) => {
        const code = c.codes[row]!
        return code < 0 ? -1 : (memo.values[code] ?? memo.at(code))
      }
    }
    return (row) => {
      const v = valueAt(c, row)
      return v === null ? -1 : this.number(known, keyOf(v))
    }
  }

  private number(known: Map<string, number>, text: string): number {
    const found = known.get(text)
    if (found !== undefined) return found
    const id = known.size
    known.set(text, id)
    this.bytes += text.length * 2 + 64
    return id
  }

  private pair(pairs: Map<number, number>, a: number, b: number): number {
    // Both are far below 2^26, so the key is a whole number that a double holds.
    const key = a * 2 ** 26 + b
    const found = pairs.get(key)
    if (found !== undefined) return found
    const id = pairs.size
    pairs.set(key, id)
    this.bytes += 48
    return id
  }
}

/** A list has a key that no plain text has. */
const keyOf = (v: Value): string => (Array.isArray(v) ? `\u0000${JSON.stringify(v)}` : textOf(v)!)
