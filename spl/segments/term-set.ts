import { ByteCodes, CLASS, MAJOR, MINOR, sequenceAt } from './breakers'
import { fold } from './fold'
import { Holders } from './holders'

/** Terms longer than this many bytes are cut in the index (full-text engines cut too, at their own length); the text decides. */
export const MAX_TERM_BYTES = 32_000
/** Stands for a control character inside a term: `*` is a major breaker, so no term holds it. */
const SUBSTITUTE = 42

const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193
const SPACE = 32
const IS_MAJOR = 0x100
/** May begin a breaker of several characters. */
const LEADS = 0x400

/** Per byte: what stands for it in a term (lower case, substitute), and whether the term ends or may end there. */
const TABLE = new Uint16Array(256)
for (let c = 0; c < 256; c++) {
  const low = c >= 65 && c <= 90 ? c + 32 : c < SPACE || c === 127 ? SUBSTITUTE : c
  TABLE[c] = low | (CLASS[c] === MAJOR ? IS_MAJOR : 0)
}
TABLE[37] = TABLE[37]! | LEADS
TABLE[45] = TABLE[45]! | LEADS

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** Events of a block of which it can be said which terms they hold. */
export const MAX_ROWS = 256

/**
 * The distinct terms of a block of events, as an index holds them: lower case, control characters substituted, cut at MAX_TERM_BYTES.
 * Filled event by event, read, and reset for the next block. A hash table that fits the cache, over one arena of bytes (measured:
 * 2^15 slots 95k events/s, 2^19 slots 57k). Terms are numbered as they come; each slot holds a number (from 1) and the hash.
 */
export class TermSet {
  size = 0
  /** Whether folding changed anything but A–Z: then bytes must be decoded before they are compared without case. */
  foldsMore = false
  private table: Int32Array
  private slots: Int32Array
  private starts: Int32Array
  private mask: number
  private arena = new Uint8Array(1 << 20)
  private position = 1
  private low = new Uint8Array(1 << 14)
  private hash = 0
  private seen = 0
  private row = 0
  private foreign: TermSet | undefined
  private readonly codes = new ByteCodes()
  private readonly holders: Holders | undefined

  /** @param rows whether `postings` will be asked for: then at most MAX_ROWS events are put in */
  constructor(
    bits = 15,
    private readonly rows = false,
  ) {
    this.mask = (1 << bits) - 1
    this.table = new Int32Array(2 << bits)
    this.slots = new Int32Array(1 << bits)
    this.starts = new Int32Array(1 << bits)
    if (rows) this.holders = new Holders()
  }

  /** Puts in the terms of one event: bytes `start` … `end` of UTF-8; what is not UTF-8 counts as U+FFFD. */
  add(data: Uint8Array, start: number, end: number): void {
    this.prepare(data, start, end)
    this.addMajors(data, start, end)
    this.row++
  }

  private addMajors(data: Uint8Array, start: number, end: number): void {
    let i = start
    while (i < end) {
      if (TABLE[data[i]!]! & IS_MAJOR) {
        i++
        continue
      }
      const skip = this.breaker(data, i)
      if (skip > 0) {
        i += skip
        continue
      }
      const to = this.scan(data, i, end)
      if (this.seen >= 128) this.insertForeign(to - i)
      else this.insertMajor(to - i)
      i = to
    }
  }

  /** Whether a term, as `indexTerm` gives it, is in the set. */
  has(term: Uint8Array): boolean {
    let hash = SEED
    for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term[i]!, PRIME)
    return this.table[this.find(term, 0, term.length, hash)] !== 0
  }

  /** All terms, in the order of their arrival, with a space between: a view, good until the next change. */
  text(): Uint8Array {
    return this.arena.subarray(1, Math.max(1, this.position - 1))
  }

  each(sink: (term: string) => void): void {
    if (this.size > 0) for (const term of decoder.decode(this.text()).split(' ')) sink(term)
  }

  /**
   * Calls `sink` with each term that stands in at least `least` events: a view of its bytes, the number of events, and a bit for each of
   * them; all good until the next call. Terms that were cut or hold a substitute are left out: several texts may be meant.
   */
  postings(least: number, sink: (term: Uint8Array, count: number, bits: Uint32Array) => void): void {
    const { holders } = this
    if (!holders) throw new Error('BUG: rows were not kept')
    holders.resolve(this.foreign?.holders)
    for (let id = 0; id < this.size; id++) {
      const count = holders.count(id)
      if (count < least) continue
      const from = this.starts[id]!
      const to = (id + 1 < this.size ? this.starts[id + 1]! : this.position) - 1
      const term = this.arena.subarray(from, to)
      if (to - from < MAX_TERM_BYTES - 3 && !term.includes(SUBSTITUTE)) sink(term, count, holders.of(id))
    }
  }

  reset(): void {
    if (this.size * 4 > this.mask) this.table.fill(0)
    else for (let i = 0; i < this.size; i++) this.table[this.slots[i]!] = 0
    this.size = 0
    this.position = 1
    this.foldsMore = false
    this.row = 0
    this.holders?.reset()
    this.foreign?.reset()
  }

  private prepare(data: Uint8Array, start: number, end: number): void {
    const n = end - start
    if (this.low.length < n) this.low = new Uint8Array(n * 2)
    this.codes.data = data
    this.codes.start = start
    this.codes.end = end
  }

  private breaker(data: Uint8Array, i: number): number {
    return TABLE[data[i]!]! & LEADS ? sequenceAt(this.codes, i) : 0
  }

  /** A dash is frequent and wants one look; only `%` needs the full test. */
  private breaks(data: Uint8Array, i: number, end: number): boolean {
    return data[i] === 45 ? i + 1 < end && data[i + 1] === 45 : sequenceAt(this.codes, i) > 0
  }

  /** Reads one major term into `low` and its hash into `hash`; returns its end. Its minor terms are cut when it turns out to be new. */
  private scan(data: Uint8Array, from: number, end: number): number {
    const { low } = this
    let hash = SEED
    let seen = 0
    let i = from
    for (let at = 0; i < end; i++, at++) {
      let t = TABLE[data[i]!]!
      if (t > 255) {
        if (t & IS_MAJOR || this.breaks(data, i, end)) break
        t &= 255
      }
      seen |= t
      low[at] = t
      hash = Math.imul(hash ^ t, PRIME)
    }
    this.hash = hash
    this.seen = seen
    return i
  }

  private insertMajor(length: number): void {
    const { low, holders } = this
    const before = this.size
    const id = this.insert(low, 0, length, this.hash)
    holders?.mark(id, this.row)
    // Several long terms may be the same once they are cut.
    const whole = length > MAX_TERM_BYTES ? undefined : id
    // A major term that is known brought its minor terms along.
    if (whole !== undefined && whole < before) return
    let hash = SEED
    let start = 0
    for (let i = 0; i < length; i++) {
      const c = low[i]!
      if (CLASS[c] === MINOR) {
        if (i > start) this.insertMinor(whole, start, i, hash)
        start = i + 1
        hash = SEED
      } else hash = Math.imul(hash ^ c, PRIME)
    }
    // Without a breaker inside, the major term is its only minor term.
    if (start > 0 && length > start) this.insertMinor(whole, start, length, hash)
  }

  private insertMinor(major: number | undefined, start: number, end: number, hash: number): void {
    this.minorOf(major, this.insert(this.low, start, end, hash))
  }
  /** @param major undefined: it does not tell its events from those of others */
  private minorOf(major: number | undefined, minor: number): void {
    if (major === undefined) this.holders?.mark(minor, this.row)
    else this.holders?.link(major, minor)
  }

  /** A term with bytes past ASCII is decoded and folded once per block. */
  private insertForeign(length: number): void {
    this.foreign ??= new TermSet(10, this.rows)
    const { foreign, holders } = this
    const before = foreign.size
    const number = foreign.insert(this.low, 0, length, this.hash)
    foreign.holders?.mark(number, this.row)
    // A byte that is no UTF-8 takes three once it is decoded.
    const long = length * 3 > MAX_TERM_BYTES
    if (number < before && !long) return
    const raw = this.low.subarray(0, length)
    const folded = encoder.encode(fold(decoder.decode(raw)))
    if (!sameBytes(raw, folded)) this.foldsMore = true
    const id = this.insertHashed(folded, 0, folded.length)
    if (long) holders?.mark(id, this.row)
    else holders?.linkForeign(number, id)
    let start = 0
    for (let i = 0; i <= folded.length; i++) {
      if (i < folded.length && CLASS[folded[i]!] !== MINOR) continue
      if (i > start && i - start < folded.length) this.minorOf(long ? undefined : id, this.insertHashed(folded, start, i))
      start = i + 1
    }
  }

  private insertHashed(data: Uint8Array, from: number, to: number): number {
    let hash = SEED
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ data[i]!, PRIME)
    return this.insert(data, from, to, hash)
  }

  /** The slot of a term, or the empty one where it belongs. */
  private find(data: Uint8Array, from: number, to: number, hash: number): number {
    const { table, starts, arena, mask } = this
    const length = to - from
    let i = ((hash ^ (hash >>> 15)) & mask) << 1
    for (;;) {
      const number = table[i]!
      if (number === 0) return i
      if (table[i + 1] === hash) {
        const p = starts[number - 1]!
        let k = 0
        while (k < length && arena[p + k] === data[from + k]) k++
        if (k === length && arena[p + length] === SPACE) return i
      }
      i = (i + 2) & ((mask << 1) | 1)
    }
  }

  /** The number of the term; it is new when that is the size before. */
  private insert(data: Uint8Array, from: number, to: number, hash: number): number {
    if (to - from > MAX_TERM_BYTES) return this.insertHashed(data, from, cutAt(data, from, to))
    const slot = this.find(data, from, to, hash)
    const known = this.table[slot]!
    if (known !== 0) return known - 1
    const length = to - from
    if (this.position + length + 2 > this.arena.length) this.enlarge(length)
    const { arena } = this
    let p = this.position
    const id = this.size++
    this.starts[id] = p
    this.table[slot] = id + 1
    this.table[slot + 1] = hash
    this.slots[id] = slot
    this.holders?.born(id)
    if (length < 24) for (let k = from; k < to; k++) arena[p++] = data[k]!
    else {
      arena.set(data.subarray(from, to), p)
      p += length
    }
    arena[p++] = SPACE
    this.position = p
    if (this.size * 2 > this.mask) this.rehash()
    return id
  }

  private enlarge(by: number): void {
    const arena = new Uint8Array(this.arena.length * 2 + by)
    arena.set(this.arena.subarray(0, this.position))
    this.arena = arena
  }

  private rehash(): void {
    const old = this.table
    const mask = this.mask * 2 + 1
    const table = new Int32Array((mask + 1) * 2)
    const slots = new Int32Array(mask + 1)
    const starts = new Int32Array(mask + 1)
    starts.set(this.starts)
    for (let n = 0; n < this.size; n++) {
      const hash = old[this.slots[n]! + 1]!
      let i = ((hash ^ (hash >>> 15)) & mask) << 1
      while (table[i] !== 0) i = (i + 2) & ((mask << 1) | 1)
      table[i] = n + 1
      table[i + 1] = hash
      slots[n] = i
    }
    this.table = table
    this.slots = slots
    this.starts = starts
    this.mask = mask
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Where a term past the limit is cut: never inside a character. */
function cutAt(data: Uint8Array, from: number, to: number): number {
  let end = Math.min(to, from + MAX_TERM_BYTES)
  while (end < to && end > from && (data[end]! & 0xc0) === 0x80) end--
  return end
}

/** A term (or the part of one before its first `*`) as an index holds it: folded, control characters substituted, cut. */
export function indexTerm(term: string): Uint8Array {
  const bytes = encoder.encode(fold(term))
  const out = bytes.subarray(0, cutAt(bytes, 0, bytes.length))
  for (let i = 0; i < out.length; i++) if (out[i]! < SPACE || out[i] === 127) out[i] = SUBSTITUTE
  return out
}
