import type { DictionaryColumn } from '../batch/column'
import { compareTexts } from '../values/compare'
import { type Cell, numbersColumn, numbersOf, type Parts, textsOf } from './cell'
import { grow } from './grow'
import { Interner } from './interner'
import { Pairs } from './pairs'

/** Distinct texts of a group with their counts: values, dc, mode. Ids are the interner's. */
export class TextsCell implements Cell {
  readonly interner = new Interner()
  private readonly pairs = new Pairs()
  private counts = new Float64Array(16)
  /** The pairs of a group as a chain: the newest one, and for each pair the one before it. */
  private last = new Int32Array(16).fill(-1)
  private before = new Int32Array(16)
  private sizes = new Float64Array(16)

  get bytes(): number {
    return this.pairs.bytes + this.counts.byteLength + this.before.byteLength + this.last.byteLength * 3 + this.interner.bytes
  }
  reserve(groups: number): void {
    const old = this.last.length
    if (groups <= old) return
    this.last = grow(this.last, groups).fill(-1, old)
    this.sizes = grow(this.sizes, groups)
  }
  add(group: number, text: number, by = 1): void {
    const size = this.pairs.size
    const p = this.pairs.id(group, text)
    if (p === size) this.chain(group, p)
    this.counts[p]! += by
  }
  private chain(group: number, p: number): void {
    if (p >= this.counts.length) {
      this.counts = grow(this.counts, p)
      this.before = grow(this.before, p)
    }
    this.before[p] = this.last[group]!
    this.last[group] = p
    this.sizes[group]!++
  }
  /** How many distinct texts a group has. */
  distinct(group: number): number {
    return this.sizes[group]!
  }
  /** The texts of a group in byte order. */
  texts(group: number): string[] {
    const out: string[] = []
    for (let p = this.last[group]!; p >= 0; p = this.before[p]!) out.push(this.interner.text(this.pairs.right[p]!))
    return out.sort(compareTexts)
  }
  /** The text with the highest count, the least in byte order among equals; −1 where there is none. */
  most(group: number): number {
    let best = -1
    for (let p = this.last[group]!; p >= 0; p = this.before[p]!) if (best < 0 || this.isAhead(p, best)) best = p
    return best < 0 ? -1 : this.pairs.right[best]!
  }
  private isAhead(p: number, q: number): boolean {
    if (this.counts[p] !== this.counts[q]) return this.counts[p]! > this.counts[q]!
    return compareTexts(this.interner.text(this.pairs.right[p]!), this.interner.text(this.pairs.right[q]!)) < 0
  }

  /** Each group's texts in byte order, as the arrays of a multivalue column. */
  lists(groups: number): { readonly offsets: Uint32Array; readonly codes: Int32Array } {
    const { left, right, size } = this.pairs
    const offsets = new Uint32Array(groups + 1)
    for (let g = 0; g < groups; g++) offsets[g + 1] = offsets[g]! + this.sizes[g]!
    const at = offsets.slice()
    const codes = new Int32Array(size)
    // A counting sort over the rank of the text: each group's texts then come out in byte order.
    for (const p of this.byText()) codes[at[left[p]!]!++] = right[p]!
    return { offsets, codes }
  }
  private byText(): Uint32Array {
    const { right, size } = this.pairs
    const rank = this.interner.ranks((a, b) => compareTexts(this.interner.text(a), this.interner.text(b)))
    const start = new Uint32Array(rank.length + 1)
    for (let p = 0; p < size; p++) start[rank[right[p]!]! + 1]!++
    for (let r = 0; r < rank.length; r++) start[r + 1]! += start[r]!
    const out = new Uint32Array(size)
    for (let p = 0; p < size; p++) out[start[rank[right[p]!]!]!++] = p
    return out
  }

  encode(from: number, to: number) {
    let n = 0
    for (let g = from; g < to; g++) n += this.sizes[g]!
    const groups = new Float64Array(n)
    const codes = new Int32Array(n)
    const counts = new Float64Array(n)
    let i = 0
    for (let g = from; g < to; g++) {
      for (let p = this.last[g]!; p >= 0; p = this.before[p]!) {
        groups[i] = g - from
        codes[i] = this.pairs.right[p]!
        counts[i++] = this.counts[p]!
      }
    }
    const texts: DictionaryColumn = { kind: 'dictionary', codes, dictionary: this.interner.dictionary }
    return { g: numbersColumn(groups), t: texts, c: numbersColumn(counts) }
  }
  absorb(parts: Parts, groups: Int32Array): void {
    const g = numbersOf(parts('g'))
    const c = numbersOf(parts('c'))
    const { codes, dictionary } = textsOf(parts('t'))
    const memo = this.interner.ofCode(dictionary)
    for (let i = 0; i < g.length; i++) {
      const to = groups[g[i]!]!
      if (to >= 0) this.add(to, memo.at(codes[i]!), c[i])
    }
  }
}
