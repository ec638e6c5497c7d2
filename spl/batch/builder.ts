import { fail } from '../text/problems'
import { EXACT, numberText } from '../values/number'
import { textOf, type Value } from '../values/value'
import { type Column, constant } from './column'
import { TextDictionary } from './dictionary'

/** Lists of one column may hold so many texts (a dictionary of them is a Map, which ends at 2^24): a search that wants more is stopped. */
const MAX_TEXTS = 4_000_000
/** UTF-16 units of the texts of one column, at most. */
const MAX_UNITS = 250_000_000

/** Any values in, the narrowest column out: numbers, texts, or lists. */
export class ColumnBuilder {
  private readonly values: Value[] = []
  private places: number[] | undefined
  private kinds = 0
  private listed = 0
  private units = 0

  constructor(private readonly dictionary: TextDictionary = new TextDictionary()) {}

  get length(): number {
    return this.values.length
  }
  push(v: Value, places = EXACT): void {
    this.kinds |= v === null ? NULL : typeof v === 'number' ? NUMBER : typeof v === 'string' ? TEXT : LIST
    if (places !== EXACT && !this.places) this.places = new Array<number>(this.values.length).fill(EXACT)
    this.places?.push(places)
    this.values.push(v)
    if (typeof v === 'string') this.units += v.length
    else if (Array.isArray(v)) this.list(v)
    if (this.units > MAX_UNITS) throw fail('memory-limit', { megabytes: Math.round((MAX_UNITS * 2) / 1e6) })
  }
  private list(texts: readonly string[]): void {
    this.listed += texts.length
    if (this.listed > MAX_TEXTS) throw fail('memory-limit', { megabytes: Math.round((MAX_TEXTS * 64) / 1e6) })
    for (const t of texts) this.units += t.length
  }
  build(): Column {
    if (this.kinds === NULL || this.kinds === 0) return constant(null)
    if (this.kinds & LIST) return this.lists()
    return this.kinds & TEXT ? this.texts() : this.numbers()
  }

  private numbers(): Column {
    const n = this.values.length
    const numbers = new Float64Array(n)
    const nulls = this.kinds & NULL ? new Uint8Array(n) : undefined
    for (let i = 0; i < n; i++) {
      const x = this.values[i]!
      if (x === null) nulls![i] = 1
      else numbers[i] = x as number
    }
    return { kind: 'number', numbers, ...(nulls && { nulls }), ...(this.places && { places: Int8Array.from(this.places) }) }
  }
  private text(i: number): string | null {
    const v = this.values[i]!
    return typeof v === 'number' ? numberText(v, this.places?.[i] ?? EXACT) : textOf(v)
  }
  private texts(): Column {
    const codes = new Int32Array(this.values.length)
    for (let i = 0; i < codes.length; i++) {
      const text = this.text(i)
      codes[i] = text === null ? -1 : this.dictionary.intern(text)
    }
    return { kind: 'dictionary', codes, dictionary: this.dictionary }
  }
  private lists(): Column {
    const offsets = new Uint32Array(this.values.length + 1)
    const codes: number[] = []
    for (let i = 0; i < this.values.length; i++) {
      const v = this.values[i]!
      if (Array.isArray(v)) for (const t of v) codes.push(this.dictionary.intern(t))
      else if (v !== null) codes.push(this.dictionary.intern(this.text(i)!))
      offsets[i + 1] = codes.length
    }
    return { kind: 'multivalue', offsets, codes: Int32Array.from(codes), dictionary: this.dictionary }
  }
}
const NULL = 1
const NUMBER = 2
const TEXT = 4
const LIST = 8
