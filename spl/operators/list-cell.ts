import type { DictionaryColumn } from '../batch/column'
import { type Cell, numbersColumn, numbersOf, type Parts, type Places, textsOf } from './cell'
import { Interner } from './interner'

/** A group's entries, in the sequence in which they came until they are put in order. */
interface Entries {
  texts: number[]
  time: number[]
  serial: number[]
  index: number[]
  sorted: boolean
}

/** The first texts of a group in the order of events, duplicates kept. Values of one row share its place and keep their sequence. */
export class ListCell implements Cell {
  readonly interner = new Interner()
  private readonly lists: Entries[] = []
  private count = 0
  /** Whether values had to be left out. */
  full = false
  constructor(readonly limit: number) {}

  get bytes(): number {
    return this.count * 32 + this.lists.length * 160 + this.interner.bytes
  }
  reserve(groups: number): void {
    while (this.lists.length < groups) this.lists.push({ texts: [], time: [], serial: [], index: [], sorted: true })
  }
  /** @param i  which of the places is the text's */
  add(group: number, text: number, p: Places, i: number): void {
    const list = this.lists[group]!
    const n = list.texts.length
    if (list.sorted && n > 0) {
      const later = compareEntry(list, n - 1, p, i) <= 0
      if (later && n >= this.limit) {
        this.full = true
        return
      }
      list.sorted = later
    }
    list.texts.push(text)
    list.time.push(p.time[i]!)
    list.serial.push(p.serial[i]!)
    list.index.push(p.index[i]!)
    this.count++
    if (n + 1 >= 2 * this.limit) this.trim(list)
  }
  /** In order, and no more than the limit. */
  private trim(list: Entries): Entries {
    const n = list.texts.length
    if (!list.sorted) {
      const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => compareEntries(list, a, b) || a - b)
      const taken = (a: readonly number[]) => order.map((i) => a[i]!)
      list.texts = taken(list.texts)
      list.time = taken(list.time)
      list.serial = taken(list.serial)
      list.index = taken(list.index)
      list.sorted = true
    }
    if (n > this.limit) {
      this.full = true
      for (const a of [list.texts, list.time, list.serial, list.index]) a.length = this.limit
      this.count -= n - this.limit
    }
    return list
  }
  list(group: number): string[] {
    return this.trim(this.lists[group]!).texts.map((id) => this.interner.text(id))
  }

  encode(from: number, to: number) {
    const lists = this.lists.slice(from, to).map((list) => this.trim(list))
    const groups = Float64Array.from(lists.flatMap((list, g) => list.texts.map(() => g)))
    const all = (of: (list: Entries) => number[]) => numbersColumn(Float64Array.from(lists.flatMap(of)))
    const codes = Int32Array.from(lists.flatMap((list) => list.texts))
    const texts: DictionaryColumn = { kind: 'dictionary', codes, dictionary: this.interner.dictionary }
    const full = numbersColumn(Float64Array.of(this.full ? 1 : 0))
    return { f: full, g: numbersColumn(groups), c: texts, t: all((l) => l.time), s: all((l) => l.serial), i: all((l) => l.index) }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    this.full ||= numbersOf(parts('f'))[0] === 1
    const g = numbersOf(parts('g'))
    const { codes, dictionary } = textsOf(parts('c'))
    const places: Places = { time: numbersOf(parts('t')), serial: numbersOf(parts('s')), index: numbersOf(parts('i')) }
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < g.length; i++) if (groups[g[i]!]! >= 0) this.add(groups[g[i]!]!, memo.at(codes[i]!), places, i)
  }
}

/** Later times stand first, then later serials, then lower indexes. */
const compareEntry = (a: Entries, i: number, b: Places, j: number): number =>
  b.time[j]! - a.time[i]! || b.serial[j]! - a.serial[i]! || a.index[i]! - b.index[j]!
const compareEntries = (a: Entries, i: number, j: number): number =>
  a.time[j]! - a.time[i]! || a.serial[j]! - a.serial[i]! || a.index[i]! - a.index[j]!
