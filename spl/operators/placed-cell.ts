import type { DictionaryColumn } from '../batch/column'
import { type Cell, numbersColumn, numbersOf, type Parts, type Places, textsOf } from './cell'
import { grow } from './grow'
import { Interner } from './interner'

/** One text a group, with its place: the one that stands first or last. */
export class PlacedCell implements Cell {
  readonly interner = new Interner()
  codes = new Int32Array(16).fill(-1)
  time = new Float64Array(16)
  private serial = new Float64Array(16)
  private index = new Float64Array(16)
  constructor(private readonly which: 'first' | 'last') {}

  get bytes(): number {
    return this.codes.length * 28 + this.interner.bytes
  }
  reserve(groups: number): void {
    const old = this.codes.length
    if (groups <= old) return
    this.codes = grow(this.codes, groups).fill(-1, old)
    this.time = grow(this.time, groups)
    this.serial = grow(this.serial, groups)
    this.index = grow(this.index, groups)
  }
  /** @param i  which of the places is the text's */
  add(g: number, text: number, places: Places, i: number): void {
    if (this.codes[g]! >= 0) {
      const earlier = this.isEarlier(g, places, i)
      // Values of one row share its place: the first of them is the first, the last the last.
      if (earlier !== (this.which === 'first')) return
    }
    this.codes[g] = text
    this.time[g] = places.time[i]!
    this.serial[g] = places.serial[i]!
    this.index[g] = places.index[i]!
  }
  /** Later times stand first, then later serials, then lower indexes. */
  private isEarlier(g: number, { time, serial, index }: Places, i: number): boolean {
    if (time[i] !== this.time[g]) return time[i]! > this.time[g]!
    if (serial[i] !== this.serial[g]) return serial[i]! > this.serial[g]!
    return index[i]! < this.index[g]!
  }
  text(g: number): string | null {
    return this.codes[g]! < 0 ? null : this.interner.text(this.codes[g]!)
  }
  column(groups: number): DictionaryColumn {
    return { kind: 'dictionary', codes: this.codes.slice(0, groups), dictionary: this.interner.dictionary }
  }
  encode(from: number, to: number) {
    const texts: DictionaryColumn = { kind: 'dictionary', codes: this.codes.slice(from, to), dictionary: this.interner.dictionary }
    return {
      c: texts,
      t: numbersColumn(this.time.slice(from, to)),
      s: numbersColumn(this.serial.slice(from, to)),
      i: numbersColumn(this.index.slice(from, to)),
    }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const { codes, dictionary } = textsOf(parts('c'))
    const places: Places = { time: numbersOf(parts('t')), serial: numbersOf(parts('s')), index: numbersOf(parts('i')) }
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < groups.length; i++) if (codes[i]! >= 0 && groups[i]! >= 0) this.add(groups[i]!, memo.at(codes[i]!), places, i)
  }
}
