import type { TextDictionary } from '../../spl/batch/dictionary'
import { unescapeXml } from '../../spl/values/xml'
import { latin1, utf8 } from './raw-rows'

/** How values stand in events: as they are, as text of XML, or as JSON, strings in their quotes. */
export type Written = 'plain' | 'xml' | 'json'

/** After so many misses at so high a rate a field is taken as nearly all distinct, and texts are added without looking. */
const MISSES = 4096
const NEW_RATE = 0.9
const AMPERSAND = 0x26
const BACKSLASH = 0x5c
const QUOTE = 0x22

/**
 * Codes for texts that are given as bytes: a text that was seen is found by its bytes, without making a string. Measured: for a field
 * of few values three times as fast as a string and a Map lookup, for one of distinct values a little slower until it gives up looking.
 */
export class ByteInterner {
  // Small at first: a search that reads one event makes one of these for each of its fields.
  private slots = new Int32Array(1 << 6)
  private mask = this.slots.length - 1
  private entries = 0
  private hashes = new Int32Array(1 << 5)
  private starts = new Uint32Array((1 << 5) + 1)
  private codes = new Int32Array(1 << 5)
  private bytes = Buffer.allocUnsafe(1 << 9)
  private lookups = 0
  private misses = 0
  private distinct = false

  constructor(
    private readonly dictionary: TextDictionary,
    private readonly written: Written,
  ) {}

  code(data: Buffer, start: number, end: number): number {
    if (this.distinct) return this.dictionary.append(this.text(data, start, end))
    let hash = end - start
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ data[i]!, 0x01000193)
    let slot = (hash ^ (hash >>> 15)) & this.mask
    this.lookups++
    for (let found: number; (found = this.slots[slot]!) !== 0; slot = (slot + 1) & this.mask) {
      if (this.hashes[found - 1] === hash && this.same(found - 1, data, start, end)) return this.codes[found - 1]!
    }
    return this.add(data, start, end, { hash, slot })
  }

  private same(entry: number, data: Buffer, start: number, end: number): boolean {
    const from = this.starts[entry]!
    const length = end - start
    if (this.starts[entry + 1]! - from !== length) return false
    const { bytes } = this
    for (let i = 0; i < length; i++) if (bytes[from + i] !== data[start + i]) return false
    return true
  }

  private add(data: Buffer, start: number, end: number, at: { readonly hash: number; readonly slot: number }): number {
    const code = this.dictionary.append(this.text(data, start, end))
    if (++this.misses >= MISSES && this.misses >= this.lookups * NEW_RATE) {
      this.distinct = true
      return code
    }
    const entry = this.entries
    if (entry === this.codes.length) this.growEntries()
    const from = this.starts[entry]!
    const to = from + end - start
    if (to > this.bytes.length) this.bytes = Buffer.concat([this.bytes], Math.max(to, this.bytes.length * 2))
    data.copy(this.bytes, from, start, end)
    this.starts[entry + 1] = to
    this.hashes[entry] = at.hash
    this.codes[entry] = code
    this.slots[at.slot] = ++this.entries
    if (this.entries * 2 > this.slots.length) this.growSlots()
    return code
  }

  private growEntries(): void {
    const size = this.codes.length * 2
    this.hashes = widened(this.hashes, new Int32Array(size))
    this.codes = widened(this.codes, new Int32Array(size))
    this.starts = widened(this.starts, new Uint32Array(size + 1))
  }
  private growSlots(): void {
    this.slots = new Int32Array(this.slots.length * 2)
    this.mask = this.slots.length - 1
    for (let e = 0; e < this.entries; e++) {
      const hash = this.hashes[e]!
      let slot = (hash ^ (hash >>> 15)) & this.mask
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask
      this.slots[slot] = e + 1
    }
  }

  private text(data: Buffer, start: number, end: number): string {
    let all = 0
    let escaped = false
    const sign = this.written === 'xml' ? AMPERSAND : BACKSLASH
    for (let i = start; i < end; i++) {
      const byte = data[i]!
      all |= byte
      if (byte === sign) escaped = true
    }
    const quotes = this.written === 'json' && data[start] === QUOTE && !escaped ? 1 : 0
    const text = (all < 0x80 ? latin1 : utf8)(data, start + quotes, end - quotes)
    if (!escaped || this.written === 'plain') return text
    return this.written === 'xml' ? unescapeXml(text) : (JSON.parse(text) as string)
  }
}

function widened<T extends Int32Array | Uint32Array>(old: T, into: T): T {
  into.set(old)
  return into
}

const interners = () => new WeakMap<TextDictionary, ByteInterner>()
const INTERNERS = { plain: interners(), xml: interners(), json: interners() } as const

/** The interner of a dictionary, which lasts as long as it. */
export function internerOf(dictionary: TextDictionary, written: Written): ByteInterner {
  const known = INTERNERS[written]
  let found = known.get(dictionary)
  if (!found) known.set(dictionary, (found = new ByteInterner(dictionary, written)))
  return found
}
