import { type Column, type MultivalueColumn, valueAt } from '../batch/column'
import { type Dictionary, type Memo, TextDictionary } from '../batch/dictionary'
import { EXACT, numberText } from '../values/number'
import { grow } from './grow'

/** Rows with an id each; a multivalue gives several per row. */
export interface Spread {
  readonly rows: Uint32Array
  readonly ids: Int32Array
  /** Which entry of the input it came from. */
  readonly from: Uint32Array | undefined
}

/** Dense ids of the distinct texts of one field over all batches, whatever their kind or dictionary. −1 is null. */
export class Interner {
  readonly dictionary = new TextDictionary()
  private readonly numbers = new Map<number, number>()
  private lastNumber = Number.NaN
  private lastId = -1

  get size(): number {
    return this.dictionary.size
  }
  get bytes(): number {
    return this.dictionary.bytes + this.numbers.size * 32
  }
  text(id: number): string {
    return this.dictionary.text(id)
  }
  ofText(text: string): number {
    return this.dictionary.intern(text)
  }
  ofNumber(x: number, places = EXACT): number {
    if (places !== EXACT) return this.ofText(numberText(x, places))
    if (x === this.lastNumber) return this.lastId
    let id = this.numbers.get(x)
    if (id === undefined) this.numbers.set(x, (id = this.ofText(numberText(x, EXACT))))
    this.lastNumber = x
    this.lastId = id
    return id
  }
  ofCode(d: Dictionary): Memo<number> {
    return d.memo(this, (code) => this.ofText(d.text(code)))
  }

  /** The place of each id among all when they are put in order. */
  ranks(compare: (a: number, b: number) => number): Int32Array {
    const ids = Uint32Array.from({ length: this.size }, (_, i) => i).sort(compare)
    const rank = new Int32Array(ids.length)
    for (let r = 0; r < ids.length; r++) rank[ids[r]!] = r
    return rank
  }

  ids(c: Column | undefined, rows: Uint32Array): Spread {
    if (c?.kind === 'multivalue') return this.many(c, rows)
    const ids = new Int32Array(rows.length)
    if (c === undefined) ids.fill(-1)
    else if (c.kind === 'dictionary') this.coded(c.codes, this.ofCode(c.dictionary), rows, ids)
    else if (c.kind === 'number')
      for (let i = 0; i < rows.length; i++) ids[i] = c.nulls?.[rows[i]!] ? -1 : this.ofNumber(c.numbers[rows[i]!]!, c.places?.[rows[i]!])
    else return this.constant(valueAt(c, 0), rows, ids)
    return { rows, ids, from: undefined }
  }
  private coded(codes: Int32Array, memo: Memo<number>, rows: Uint32Array, ids: Int32Array): void {
    const known = memo.values
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]!]!
      ids[i] = code < 0 ? -1 : (known[code] ?? memo.at(code))
    }
  }
  private constant(v: ReturnType<typeof valueAt>, rows: Uint32Array, ids: Int32Array): Spread {
    if (v !== null && typeof v === 'object') {
      const list = v.map((t) => this.ofText(t))
      const from = new Uint32Array(rows.length * list.length)
      const out = new Uint32Array(from.length)
      const all = new Int32Array(from.length)
      for (let i = 0; i < from.length; i++) {
        from[i] = Math.floor(i / list.length)
        out[i] = rows[from[i]!]!
        all[i] = list[i % list.length]!
      }
      return { rows: out, ids: all, from }
    }
    return { rows, ids: ids.fill(v === null ? -1 : typeof v === 'number' ? this.ofNumber(v) : this.ofText(v)), from: undefined }
  }
  private many(c: MultivalueColumn, rows: Uint32Array): Spread {
    const memo = this.ofCode(c.dictionary)
    let out = new Uint32Array(rows.length)
    let from = new Uint32Array(rows.length)
    let ids = new Int32Array(rows.length)
    let n = 0
    for (let i = 0; i < rows.length; i++) {
      const r = rows[i]!
      for (let k = c.offsets[r]!; k < c.offsets[r + 1]!; k++) {
        if (n >= ids.length) {
          out = grow(out, n)
          from = grow(from, n)
          ids = grow(ids, n)
        }
        out[n] = r
        from[n] = i
        ids[n++] = memo.at(c.codes[k]!)
      }
    }
    return { rows: out.subarray(0, n), ids: ids.subarray(0, n), from: from.subarray(0, n) }
  }
}
