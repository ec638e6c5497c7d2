/** Cells: typed state of a statistic for all groups at once. They merge, travel and count their bytes themselves. */
import type { Column, DictionaryColumn, NumberColumn } from '../batch/column'
import { compareTexts } from '../values/compare'
import { grow } from './grow'
import { Pairs } from './groups'
import { Interner } from './interner'

export type Parts = (part: string) => Column | undefined

export interface Cell {
  reserve(groups: number): void
  encode(groups: number): Readonly<Record<string, Column>>
  absorb(parts: Parts, groups: Int32Array): void
  readonly bytes: number
}

const numbersOf = (a: Float64Array, n: number): NumberColumn => ({ kind: 'number', numbers: a.slice(0, n) })
const numbersIn = (c: Column | undefined) => (c as NumberColumn).numbers
const textsIn = (c: Column | undefined) => c as DictionaryColumn

/** One number a group, merged by sum, least or most. */
export class NumberCell implements Cell {
  of: Float64Array
  constructor(private readonly how: 'sum' | 'least' | 'most') {
    this.of = new Float64Array(64).fill(this.first)
  }
  private get first(): number {
    return this.how === 'sum' ? 0 : this.how === 'least' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  }
  get bytes(): number {
    return this.of.byteLength
  }
  reserve(groups: number): void {
    const old = this.of.length
    if (groups <= old) return
    this.of = grow(this.of, groups).fill(this.first, old)
  }
  encode(groups: number) {
    return { n: numbersOf(this.of, groups) }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const x = numbersIn(parts('n'))
    for (let i = 0; i < groups.length; i++) {
      const g = groups[i]!
      if (g < 0) continue
      const mine = this.of[g]!
      this.of[g] = this.how === 'sum' ? mine + x[i]! : this.how === 'least' ? Math.min(mine, x[i]!) : Math.max(mine, x[i]!)
    }
  }
}

/** Distinct texts of a group with their counts: values, dc, mode. */
export class TextsCell implements Cell {
  readonly interner = new Interner()
  private readonly pairs = new Pairs()
  private counts = new Float64Array(256)
  reserve(): void {}
  get bytes(): number {
    return this.pairs.bytes + this.counts.byteLength + this.interner.bytes
  }
  add(group: number, text: number, by = 1): void {
    const p = this.pairs.id(group, text)
    if (p >= this.counts.length) this.counts = grow(this.counts, p)
    this.counts[p]! += by
  }
  /** How many distinct texts each group has. */
  distinct(groups: number): Float64Array {
    const n = new Float64Array(groups)
    for (let p = 0; p < this.pairs.size; p++) n[this.pairs.left[p]!]!++
    return n
  }
  /** Texts and counts of one group, in no order. */
  of(group: number): [text: string, count: number][] {
    const out: [string, number][] = []
    for (let p = 0; p < this.pairs.size; p++) if (this.pairs.left[p] === group) out.push([this.interner.text(this.pairs.right[p]!), this.counts[p]!])
    return out
  }
  /** The text with the highest count of each group, the least in byte order among equals; −1 where there is none. */
  most(groups: number): Int32Array {
    const best = new Int32Array(groups).fill(-1)
    const { left, right, size } = this.pairs
    for (let p = 0; p < size; p++) {
      const g = left[p]!
      const b = best[g]!
      if (b < 0 || this.counts[p]! > this.counts[b]! || (this.counts[p] === this.counts[b] && compareTexts(this.interner.text(right[p]!), this.interner.text(right[b]!)) < 0)) best[g] = p
    }
    return best.map((p) => (p < 0 ? -1 : right[p]!))
  }
  /** Each group's texts in byte order, as the arrays of a multivalue column. */
  lists(groups: number): { readonly offsets: Uint32Array; readonly codes: Int32Array } {
    const { left, right, size } = this.pairs
    const offsets = new Uint32Array(groups + 1)
    for (let p = 0; p < size; p++) offsets[left[p]! + 1]!++
    for (let g = 0; g < groups; g++) offsets[g + 1]! += offsets[g]!
    const at = offsets.slice()
    const codes = new Int32Array(size)
    // A counting sort over the rank of the text: each group's texts then come out in byte order.
    for (const p of this.byText()) codes[at[left[p]!]!++] = right[p]!
    return { offsets, codes }
  }
  private byText(): Uint32Array {
    const { dictionary } = this.interner
    const ids = Array.from({ length: dictionary.size }, (_, i) => i).sort((a, b) => compareTexts(dictionary.text(a), dictionary.text(b)))
    const rank = new Int32Array(ids.length)
    ids.forEach((id, r) => {
      rank[id] = r
    })
    const { right, size } = this.pairs
    const start = new Uint32Array(ids.length + 1)
    for (let p = 0; p < size; p++) start[rank[right[p]!]! + 1]!++
    for (let r = 0; r < ids.length; r++) start[r + 1]! += start[r]!
    const out = new Uint32Array(size)
    for (let p = 0; p < size; p++) out[start[rank[right[p]!]!]!++] = p
    return out
  }
  encode() {
    const { left, right, size } = this.pairs
    return {
      g: numbersOf(Float64Array.from(left.subarray(0, size)), size),
      t: { kind: 'dictionary', codes: right.slice(0, size), dictionary: this.interner.dictionary } satisfies DictionaryColumn,
      c: numbersOf(this.counts, size),
    }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const g = numbersIn(parts('g'))
    const c = numbersIn(parts('c'))
    const { codes, dictionary } = textsIn(parts('t'))
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < g.length; i++) {
      const to = groups[g[i]!]!
      if (to >= 0) this.add(to, memo.at(codes[i]!), c[i])
    }
  }
}

/** One text a group: the one that comes before all others. */
export class BestCell implements Cell {
  readonly interner = new Interner()
  readonly of: { codes: Int32Array } = { codes: new Int32Array(64).fill(-1) }
  /** @param before  whether text `a` goes before `b`; both ids of the interner */
  constructor(private readonly before: (interner: Interner, a: number, b: number) => boolean) {}
  get bytes(): number {
    return this.of.codes.byteLength + this.interner.bytes
  }
  reserve(groups: number): void {
    const old = this.of.codes.length
    if (groups > old) this.of.codes = grow(this.of.codes, groups).fill(-1, old)
  }
  add(group: number, text: number): void {
    const mine = this.of.codes[group]!
    if (mine === text) return
    if (mine < 0 || this.before(this.interner, text, mine)) this.of.codes[group] = text
  }
  encode(groups: number) {
    return { c: { kind: 'dictionary', codes: this.of.codes.slice(0, groups), dictionary: this.interner.dictionary } satisfies DictionaryColumn }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const { codes, dictionary } = textsIn(parts('c'))
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < groups.length; i++) if (codes[i]! >= 0 && groups[i]! >= 0) this.add(groups[i]!, memo.at(codes[i]!))
  }
}

/** A place among others: by time, then by the order of events. */
export interface Place {
  readonly time: number
  readonly serial: number
  readonly index: number
}
/** Negative when `a` stands before `b`: the later time, the later serial, the first index. */
export const comparePlaces = (a: Place, b: Place): number => b.time - a.time || b.serial - a.serial || a.index - b.index

/** One text a group, with its place: the first or the last. */
export class PlacedCell implements Cell {
  readonly interner = new Interner()
  codes = new Int32Array(64).fill(-1)
  time = new Float64Array(64)
  private serial = new Float64Array(64)
  private index = new Float64Array(64)
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
  add(g: number, text: number, p: Place): void {
    if (this.codes[g]! >= 0) {
      const earlier = comparePlaces(p, { time: this.time[g]!, serial: this.serial[g]!, index: this.index[g]! }) < 0
      // A multivalue's values share a place: the first is the first, the last the last.
      if (earlier !== (this.which === 'first')) return
    }
    this.codes[g] = text
    this.time[g] = p.time
    this.serial[g] = p.serial
    this.index[g] = p.index
  }
  text(g: number): string | null {
    return this.codes[g]! < 0 ? null : this.interner.text(this.codes[g]!)
  }
  encode(groups: number) {
    return {
      c: { kind: 'dictionary', codes: this.codes.slice(0, groups), dictionary: this.interner.dictionary } satisfies DictionaryColumn,
      t: numbersOf(this.time, groups),
      s: numbersOf(this.serial, groups),
      i: numbersOf(this.index, groups),
    }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const { codes, dictionary } = textsIn(parts('c'))
    const [t, s, x] = [numbersIn(parts('t')), numbersIn(parts('s')), numbersIn(parts('i'))]
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < groups.length; i++) {
      if (codes[i]! >= 0 && groups[i]! >= 0) this.add(groups[i]!, memo.at(codes[i]!), { time: t[i]!, serial: s[i]!, index: x[i]! })
    }
  }
}

/** All numbers of a group: percentiles, exact whatever their count. */
export class NumbersCell implements Cell {
  private group = new Int32Array(256)
  private x = new Float64Array(256)
  private n = 0
  private sorted: { readonly offsets: Uint32Array; readonly values: Float64Array } | undefined
  reserve(): void {}
  get bytes(): number {
    return this.x.length * 12
  }
  add(group: number, x: number): void {
    if (this.n >= this.x.length) {
      this.x = grow(this.x, this.n)
      this.group = grow(this.group, this.n)
    }
    this.group[this.n] = group
    this.x[this.n++] = x
    this.sorted = undefined
  }
  /** A group's numbers, ascending. */
  of(group: number): Float64Array {
    const { offsets, values } = (this.sorted ??= this.sort())
    return group + 1 < offsets.length ? values.subarray(offsets[group]!, offsets[group + 1]!) : new Float64Array(0)
  }
  private sort() {
    let groups = 0
    for (let i = 0; i < this.n; i++) groups = Math.max(groups, this.group[i]! + 1)
    const offsets = new Uint32Array(groups + 1)
    for (let i = 0; i < this.n; i++) offsets[this.group[i]! + 1]!++
    for (let g = 0; g < groups; g++) offsets[g + 1]! += offsets[g]!
    const at = offsets.slice()
    const values = new Float64Array(this.n)
    for (let i = 0; i < this.n; i++) values[at[this.group[i]!]!++] = this.x[i]!
    for (let g = 0; g < groups; g++) values.subarray(offsets[g]!, offsets[g + 1]!).sort()
    return { offsets, values }
  }
  encode() {
    return { g: numbersOf(Float64Array.from(this.group.subarray(0, this.n)), this.n), x: numbersOf(this.x, this.n) }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const g = numbersIn(parts('g'))
    const x = numbersIn(parts('x'))
    for (let i = 0; i < g.length; i++) if (groups[g[i]!]! >= 0) this.add(groups[g[i]!]!, x[i]!)
  }
}

/** The first texts of a group in the order of events, duplicates kept. */
export class ListCell implements Cell {
  readonly interner = new Interner()
  private readonly lists: { text: number; place: Place; n: number }[][] = []
  private count = 0
  constructor(readonly limit: number) {}
  reserve(groups: number): void {
    while (this.lists.length < groups) this.lists.push([])
  }
  get bytes(): number {
    return this.count * 80 + this.interner.bytes
  }
  /** @param n  position among the values of one row */
  add(group: number, text: number, place: Place, n: number): void {
    const list = this.lists[group]!
    list.push({ text, place, n })
    this.count++
    if (list.length >= 4 * this.limit) this.trim(list)
  }
  private trim(list: { text: number; place: Place; n: number }[]): void {
    list.sort((a, b) => comparePlaces(a.place, b.place) || a.n - b.n)
    this.count -= Math.max(0, list.length - this.limit)
    list.length = Math.min(list.length, this.limit)
  }
  list(group: number): string[] {
    const list = this.lists[group] ?? []
    this.trim(list)
    return list.map((e) => this.interner.text(e.text))
  }
  encode(groups: number) {
    const all = this.lists.slice(0, groups).flatMap((list, g) => {
      this.trim(list)
      return list.map((e) => ({ ...e, g }))
    })
    const of = (f: (e: (typeof all)[number]) => number) => numbersOf(Float64Array.from(all, f), all.length)
    return {
      g: of((e) => e.g),
      c: { kind: 'dictionary', codes: Int32Array.from(all, (e) => e.text), dictionary: this.interner.dictionary } satisfies DictionaryColumn,
      t: of((e) => e.place.time),
      s: of((e) => e.place.serial),
      i: of((e) => e.place.index),
      n: of((e) => e.n),
    }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const g = numbersIn(parts('g'))
    const { codes, dictionary } = textsIn(parts('c'))
    const memo = this.interner.ofCode(dictionary)
    const [t, s, x, n] = [numbersIn(parts('t')), numbersIn(parts('s')), numbersIn(parts('i')), numbersIn(parts('n'))]
    for (let i = 0; i < g.length; i++) {
      const to = groups[g[i]!]!
      if (to < 0) continue
      this.reserve(to + 1)
      this.add(to, memo.at(codes[i]!), { time: t[i]!, serial: s[i]!, index: x[i]! }, n[i]!)
    }
  }
}

export const sum = () => new NumberCell('sum')
export const least = () => new NumberCell('least')
export const most = () => new NumberCell('most')
export const texts = () => new TextsCell()
export const placed = (which: 'first' | 'last') => () => new PlacedCell(which)
export const numbers = () => new NumbersCell()
export const list = (limit: number) => () => new ListCell(limit)
/** Numbers before texts; numbers by value, texts by byte order; equal numbers by their spelling. @param sign 1 for the least, −1 for the most */
export const best = (sign: 1 | -1) => () =>
  new BestCell(({ dictionary }, a, b) => {
    const x = dictionary.number(a)
    const y = dictionary.number(b)
    if (x === x && y === y && x !== y) return sign * (x - y) < 0
    if ((x === x) !== (y === y)) return x === x
    return sign * compareTexts(dictionary.text(a), dictionary.text(b)) < 0
  })
