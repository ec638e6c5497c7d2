/**
 * Which of at most 256 events hold a term: a bit each, eight words a term. Only whole terms are marked while events come; what a minor
 * term is part of is noted once, and its events are those of all these (a minor term stands in hundreds of occurrences of few others).
 */
const WORDS = 8

export class Holders {
  /** Zero past the terms that there are. */
  private bits = new Uint32Array(WORDS << 12)
  private links = new Int32Array(1 << 13)
  private linkCount = 0
  private foreignLinks = new Int32Array(1 << 8)
  private foreignCount = 0

  /** A new term: nobody holds it yet. */
  born(id: number): void {
    const from = id * WORDS
    if (from + WORDS > this.bits.length) {
      const bits = new Uint32Array(this.bits.length * 2)
      bits.set(this.bits)
      this.bits = bits
    }
  }
  mark(id: number, row: number): void {
    this.bits[id * WORDS + (row >> 5)]! |= 1 << (row & 31)
  }
  /** Whoever holds `whole` holds `part`. */
  link(whole: number, part: number): void {
    if (this.linkCount + 2 > this.links.length) this.links = doubled(this.links)
    this.links[this.linkCount++] = whole
    this.links[this.linkCount++] = part
  }
  /** The same for a whole that another set counts. */
  linkForeign(whole: number, part: number): void {
    if (this.foreignCount + 2 > this.foreignLinks.length) this.foreignLinks = doubled(this.foreignLinks)
    this.foreignLinks[this.foreignCount++] = whole
    this.foreignLinks[this.foreignCount++] = part
  }

  /** Gives parts what their wholes have; foreign ones first, since they are wholes of others. */
  resolve(foreign: Holders | undefined): void {
    if (foreign) spread(foreign.bits, this.bits, this.foreignLinks, this.foreignCount)
    spread(this.bits, this.bits, this.links, this.linkCount)
    this.linkCount = 0
    this.foreignCount = 0
  }
  count(id: number): number {
    let n = 0
    for (let i = id * WORDS; i < id * WORDS + WORDS; i++) n += ones(this.bits[i]!)
    return n
  }
  of(id: number): Uint32Array {
    return this.bits.subarray(id * WORDS, id * WORDS + WORDS)
  }
  /** @param terms that there were */
  reset(terms: number): void {
    this.bits.fill(0, 0, terms * WORDS)
    this.linkCount = 0
    this.foreignCount = 0
  }
}

function spread(from: Uint32Array, to: Uint32Array, links: Int32Array, count: number): void {
  for (let k = 0; k < count; k += 2) {
    const whole = links[k]! * WORDS
    const part = links[k + 1]! * WORDS
    for (let i = 0; i < WORDS; i++) to[part + i]! |= from[whole + i]!
  }
}

function doubled(list: Int32Array): Int32Array<ArrayBuffer> {
  const out = new Int32Array(list.length * 2)
  out.set(list)
  return out
}

function ones(word: number): number {
  if (word === 0) return 0
  let w = word - ((word >>> 1) & 0x55555555)
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333)
  return (((w + (w >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
