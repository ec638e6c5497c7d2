import { ColumnBuilder } from '../batch/builder'
import type { Column, DictionaryColumn } from '../batch/column'
import { compareTexts } from '../values/compare'
import { EXACT, numberText } from '../values/number'
import type { Value } from '../values/value'
import { type Cell, numbersColumn, numbersOf, type Parts, textsOf } from './cell'
import { grow } from './grow'
import { Interner } from './interner'

/**
 * The least or the greatest value of a group. Numbers are compared by value, and only where a group has none of them texts are, by bytes.
 * A number keeps its spelling where that is not the usual one (`01`, `1.0`).
 * @source measured on 10.4: the greatest of `1,a,3` is `3`
 */
export class ExtremeCell implements Cell {
  readonly interner = new Interner()
  private x: Float64Array
  /** Ids of spellings and of texts; −1 for none. */
  private spelling = new Int32Array(16).fill(-1)
  private text = new Int32Array(16).fill(-1)
  private readonly none: number
  constructor(private readonly which: 'least' | 'most') {
    this.none = which === 'least' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.x = new Float64Array(16).fill(this.none)
  }
  get bytes(): number {
    return this.x.length * 16 + this.interner.bytes
  }
  reserve(groups: number): void {
    const old = this.x.length
    if (groups <= old) return
    this.x = grow(this.x, groups).fill(this.none, old)
    this.spelling = grow(this.spelling, groups).fill(-1, old)
    this.text = grow(this.text, groups).fill(-1, old)
  }
  /** Whether a number has no place among a group's: most numbers, so it is asked first. */
  isBeaten(group: number, x: number): boolean {
    return this.which === 'least' ? x > this.x[group]! : x < this.x[group]!
  }
  /** @param spelling  id of its text where that is not the usual one, else −1 */
  addNumber(group: number, x: number, spelling: number): void {
    if (this.isBeaten(group, x)) return
    if (x === this.x[group] && compareTexts(this.spelled(x, spelling), this.spelled(x, this.spelling[group]!)) >= 0) return
    this.x[group] = x
    this.spelling[group] = spelling
  }
  private spelled(x: number, spelling: number): string {
    return spelling < 0 ? numberText(x, EXACT) : this.interner.text(spelling)
  }
  addText(group: number, text: number): void {
    const mine = this.text[group]!
    if (mine === text) return
    const order = mine < 0 ? 0 : compareTexts(this.interner.text(text), this.interner.text(mine))
    if (mine < 0 || (this.which === 'least' ? order < 0 : order > 0)) this.text[group] = text
  }
  value(group: number): Value {
    const x = this.x[group]!
    if (x !== this.none) return this.spelling[group]! < 0 ? x : this.interner.text(this.spelling[group]!)
    return this.text[group]! < 0 ? null : this.interner.text(this.text[group]!)
  }
  column(groups: number): Column {
    const builder = new ColumnBuilder()
    for (let g = 0; g < groups; g++) builder.push(this.value(g))
    return builder.build()
  }
  encode(from: number, to: number) {
    const { dictionary } = this.interner
    const spelling: DictionaryColumn = { kind: 'dictionary', codes: this.spelling.slice(from, to), dictionary }
    const text: DictionaryColumn = { kind: 'dictionary', codes: this.text.slice(from, to), dictionary }
    return { x: numbersColumn(this.x.slice(from, to)), s: spelling, t: text }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const x = numbersOf(parts('x'))
    const [s, t] = [textsOf(parts('s')), textsOf(parts('t'))]
    const spellings = this.interner.ofCode(s.dictionary)
    const texts = this.interner.ofCode(t.dictionary)
    for (let i = 0; i < groups.length; i++) {
      const g = groups[i]!
      if (g < 0) continue
      if (x[i] !== this.none) this.addNumber(g, x[i]!, s.codes[i]! < 0 ? -1 : spellings.at(s.codes[i]!))
      if (t.codes[i]! >= 0) this.addText(g, texts.at(t.codes[i]!))
    }
  }
}

/** Values for an extreme cell: numbers, NaN where a value is a text. */
export interface Either {
  readonly n: number
  readonly groups: Int32Array
  readonly x: Float64Array
  /** The id of a text; of a number its spelling's, −1 where that is the usual one. */
  id(i: number): number
}
