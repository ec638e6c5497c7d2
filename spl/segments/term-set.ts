import { ByteCodes, CLASS, MAJOR, MINOR, sequenceAt } from './breakers'
import { eachTerm } from './cut'
import { fold } from './fold'
import { Holders } from './holders'
import type { Segmentation } from './segmentation'

/** Terms longer than this many bytes are cut in the index (full-text engines cut too, at their own length); the text decides. */
export const MAX_TERM_BYTES = 32_000
/** Stands for a control character inside a term: `*` is a major breaker, so no term holds it. */
export const SUBSTITUTE = 42

const SEED = 0x811c9dc5 | 0
const PRIME = 0x01000193
const SPACE = 32
const IS_MAJOR = 0x100
/** May begin a breaker of several characters. */
const LEADS = 0x400

/** Per byte: what stands for it in a term (lower case, substitute), and whether the term ends or may end there. */
export const TABLE = new Uint16Array(256)
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

/** Bytes that a term takes: at least one blank ends it, and the next begins at a multiple of four. */
const room = (length: number): number => (length + 4) & ~3

/**
 * The distinct terms of a block of events, as an index holds them: lower case, control characters substituted, cut at MAX_TERM_BYTES.
 * Filled event by event, read, and reset for the next block. A hash table that fits the cache, over one arena of bytes (measured:
 * 2^13 slots 61k events/s, 2^15 57k, in an earlier run 2^15 95k and 2^19 57k). Terms are numbered as they come; each slot holds a number (from 1) and the hash. Terms are
 * filled up with blanks to whole words, so that two are compared and copied four bytes at a time (measured: 110 → 190 MB/s).
 */
export class TermSet {
  size = 0
  /** Whether folding changed anything but A–Z: then bytes must be decoded before they are compared without case. */
  foldsMore = false
  private table: Int32Array
  private slots: Int32Array
  /** In words of the arena. */
  private starts: Int32Array
  private mask: number
  private arena = new Int32Array(1 << 18)
  /** Words of the arena that are taken. */
  private position = 0
  /** The term that is looked for, and the one that is cut out of it. */
  private readonly low = new Scratch()
  private readonly cut = new Scratch()
  private hash = 0
  private seen = 0
  private row = 0
  /** Terms may be there without the minor terms inside them. */
  private uncut = false
  private foreign: TermSet | undefined
  private readonly codes = new ByteCodes()
  private readonly holders: Holders | undefined

  /** @param rows whether `postings` will be asked for: then at most MAX_ROWS events are put in */
  constructor(
    bits = 13,
    private readonly rows = false,
  ) {
    this.mask = (1 << bits) - 1
    this.table = new Int32Array(2 << bits)
    this.slots = new Int32Array(1 << bits)
    this.starts = new Int32Array(1 << bits)
    if (rows) this.holders = new Holders()
  }

  /** Puts in the terms of one event: bytes `start` … `end` of UTF-8; what is not UTF-8 counts as U+FFFD. */
  add(data: Uint8Array, start: number, end: number, how: Segmentation = 'full'): void {
    if (how === 'full') {
      this.low.fit(end - start)
      this.codes.data = data
      this.codes.start = start
      this.codes.end = end
      this.addMajors(data, start, end)
    } else this.addText(data.subarray(start, end), how)
    this.row++
  }

  /** What is not cut in full is rare, and goes by way of a text. */
  private addText(data: Uint8Array, how: Segmentation): void {
    this.uncut = true
    if (data.some((byte) => byte > 127)) this.foldsMore = true
    const sink = (term: string) => {
      const bytes = indexTerm(term)
      const id = this.insertHashed(bytes, 0, bytes.length)
      this.holders?.mark(id, this.row)
    }
    eachTerm(fold(decoder.decode(data)), sink, how)
  }

  private addMajors(data: Uint8Array, start: number, end: number): void {
    let i = start
    while (i < end) {
      const skip = this.breaker(data, i)
      if (skip > 0) {
        i += skip
        continue
      }
      const to = this.scan(data, i, end)
      this.take(to - i)
      i = to
    }
  }
  private breaker(data: Uint8Array, i: number): number {
    const t = TABLE[data[i]!]!
    if (t < 256) return 0
    return t & IS_MAJOR ? 1 : sequenceAt(this.codes, i)
  }
  /** A dash is frequent and wants one look; only `%` needs the full test. */
  private breaks(data: Uint8Array, i: number, end: number): boolean {
    return data[i] === 45 ? i + 1 < end && data[i + 1] === 45 : sequenceAt(this.codes, i) > 0
  }

  /** Reads one major term into `low` and its hash into `hash`; returns its end. */
  private scan(data: Uint8Array, from: number, end: number): number {
    const { bytes } = this.low
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
      bytes[at] = t
      hash = Math.imul(hash ^ t, PRIME)
    }
    this.hash = hash
    this.seen = seen
    return i
  }

  /** The major term in `low`. */
  private take(length: number): void {
    this.low.end(length)
    if (this.seen >= 128) this.insertForeign(length)
    else {
      const number = this.table[this.find(this.low, length, this.hash)]!
      // A major term that is known brought its minor terms along.
      if (number === 0 || this.uncut) this.insertMajor(length)
      else this.holders?.mark(number - 1, this.row)
    }
  }

  /** Whether a term, as `indexTerm` gives it, is in the set. */
  has(term: Uint8Array): boolean {
    let hash = SEED
    for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term[i]!, PRIME)
    this.cut.put(term, 0, term.length)
    return this.table[this.find(this.cut, term.length, hash)] !== 0
  }

  /** All terms, in the order of their arrival, with blanks between: a view, good until the next change. */
  text(): Uint8Array {
    return new Uint8Array(this.arena.buffer, 0, this.position * 4)
  }

  each(sink: (term: string) => void): void {
    // Not trimEnd(): a term may end in a blank of another kind, or be one.
    if (this.size > 0) for (const term of decoder.decode(this.text()).replace(/ +$/, '').split(/ +/)) sink(term)
  }

  /**
   * Calls `sink` with each term that stands in at least `least` events: a view of its bytes, the number of events, and a bit for each of
   * them; all good until the next call. All events must have been cut in one way. Terms that were cut or hold a substitute are left out: several texts may be meant.
   */
  postings(least: number, sink: (term: Uint8Array, count: number, bits: Uint32Array) => void): void {
    const { holders } = this
    if (!holders) throw new Error('BUG: rows were not kept')
    holders.resolve(this.foreign?.holders)
    const text = this.text()
    for (let id = 0; id < this.size; id++) {
      const count = holders.count(id)
      if (count < least) continue
      const from = this.starts[id]! * 4
      let to = (id + 1 < this.size ? this.starts[id + 1]! : this.position) * 4 - 1
      while (text[to - 1] === SPACE) to--
      const term = text.subarray(from, to)
      if (to - from < MAX_TERM_BYTES - 3 && !term.includes(SUBSTITUTE)) sink(term, count, holders.of(id))
    }
  }

  reset(): void {
    if (this.size * 4 > this.mask) this.table.fill(0)
    else for (let i = 0; i < this.size; i++) this.table[this.slots[i]!] = 0
    this.holders?.reset(this.size)
    this.size = 0
    this.position = 0
    this.foldsMore = false
    this.row = 0
    this.uncut = false
    this.foreign?.reset()
  }

  /** A major term that is new, from `low`. */
  private insertMajor(length: number): void {
    const { bytes } = this.low
    const before = this.size
    const id = this.insert(this.low, length, this.hash)
    this.holders?.mark(id, this.row)
    // Several long terms may be the same once they are cut.
    const whole = length > MAX_TERM_BYTES ? undefined : id
    if (whole !== undefined && whole < before && !this.uncut) return
    let minor = SEED
    let start = 0
    for (let i = 0; i < length; i++) {
      const c = bytes[i]!
      if (CLASS[c] === MINOR) {
        if (i > start) this.insertMinor(whole, start, i, minor)
        start = i + 1
        minor = SEED
      } else minor = Math.imul(minor ^ c, PRIME)
    }
    // Without a breaker inside, the major term is its only minor term.
    if (start > 0 && length > start) this.insertMinor(whole, start, length, minor)
  }

  private insertMinor(major: number | undefined, start: number, end: number, hash: number): void {
    this.cut.put(this.low.bytes, start, end)
    this.minorOf(major, this.insert(this.cut, end - start, hash))
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
    const raw = this.low.bytes.subarray(0, length)
    const number = foreign.insertHashed(raw, 0, length)
    foreign.holders?.mark(number, this.row)
    // A byte that is no UTF-8 takes three once it is decoded.
    const long = length * 3 > MAX_TERM_BYTES
    if (number < before && !long) return
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
    this.cut.put(data, from, to)
    return this.insert(this.cut, to - from, hash)
  }

  /** The slot of a term, or the empty one where it belongs. */
  private find({ words: wanted }: Scratch, length: number, hash: number): number {
    const { table, starts, arena, mask } = this
    const words = room(length) >> 2
    let i = ((hash ^ (hash >>> 15)) & mask) << 1
    for (;;) {
      const number = table[i]!
      if (number === 0) return i
      if (table[i + 1] === hash) {
        const p = starts[number - 1]!
        let k = 0
        while (k < words && arena[p + k] === wanted[k]) k++
        if (k === words) return i
      }
      i = (i + 2) & ((mask << 1) | 1)
    }
  }

  /** The number of the term; it is new when that is the size before. */
  private insert(term: Scratch, length: number, hash: number): number {
    if (length > MAX_TERM_BYTES) return this.insertHashed(term.bytes.slice(0, length), 0, cutAt(term.bytes, 0, length))
    const slot = this.find(term, length, hash)
    const known = this.table[slot]!
    if (known !== 0) return known - 1
    const words = room(length) >> 2
    if (this.position + words > this.arena.length) this.arena = longer(this.arena, this.position + words)
    const { arena, position } = this
    for (let k = 0; k < words; k++) arena[position + k] = term.words[k]!
    const id = this.size++
    this.starts[id] = position
    this.position = position + words
    this.table[slot] = id + 1
    this.table[slot + 1] = hash
    this.slots[id] = slot
    this.holders?.born(id)
    if (this.size * 2 > this.mask) this.rehash()
    return id
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

/** One term, filled up with blanks to whole words. */
class Scratch {
  words = new Int32Array(1 << 12)
  bytes = new Uint8Array(this.words.buffer)

  /** Makes room for a term of so many bytes. */
  fit(length: number): void {
    if (length + 4 <= this.bytes.length) return
    this.words = new Int32Array((length >> 1) + 4)
    this.bytes = new Uint8Array(this.words.buffer)
  }
  put(data: Uint8Array, from: number, to: number): void {
    const length = to - from
    this.fit(length)
    const { bytes } = this
    for (let k = 0; k < length; k++) bytes[k] = data[from + k]!
    this.end(length)
  }
  end(length: number): void {
    const { bytes } = this
    bytes[length] = bytes[length + 1] = bytes[length + 2] = bytes[length + 3] = SPACE
  }
}

function longer(list: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(Math.max(list.length * 2, least))
  out.set(list)
  return out
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
