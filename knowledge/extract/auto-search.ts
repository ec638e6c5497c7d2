import { MOST_CHARACTERS, MOST_FIELDS } from './auto-kv'
import { cleanKey, keyTail } from './keys'
import { latin1 } from './raw-rows'
import type { ValueSearch } from './value-search'

const QUOTE = 0x22
const EQUALS = 0x3d
const FIRST_WIDE = 0x80

const bytesOf = (pattern: RegExp) =>
  Uint8Array.from({ length: 256 }, (_v, c) => (c < FIRST_WIDE && pattern.test(String.fromCharCode(c)) ? 1 : 0))
const KEY = bytesOf(/[\w.:-]/)
const BEGIN = bytesOf(/[A-Za-z_]/)
const VALUE = bytesOf(/[^\s,;&|"]/)

/** Finds the value that `autoPairs`, without escapes, gives one name. */
export class AutoSearch implements ValueSearch {
  readonly places: number[] = []
  readonly written = 'plain'
  readonly needles: readonly Buffer[]
  private readonly tail: Buffer
  private from = 0
  private to = 0

  constructor(private readonly name: string) {
    this.tail = Buffer.from(keyTail(name, true))
    this.needles = [Buffer.concat([this.tail, Buffer.of(EQUALS)])]
  }
  mayBegin(): boolean {
    return true
  }

  /** False where more than bytes counts: long texts, many pairs, and what may be a blank past ASCII. */
  look(data: Buffer, start: number, end: number): boolean {
    this.places.length = 0
    if (end - start > MOST_CHARACTERS) return false
    let pairs = 0
    for (let pos = start; pos < end; pos++) {
      if (data[pos] !== EQUALS) continue
      const sign = pos
      const key = keyStart(data, start, sign)
      if (BEGIN[data[key]!] === 0) continue
      pos = this.readValue(data, sign, end)
      if (pos < 0) return false
      if (this.from === this.to) continue
      if (pairs++ === MOST_FIELDS) return false
      if (!this.isName(data, key, sign)) continue
      this.places.push(this.from, this.to)
      return true
    }
    return true
  }

  /** @returns the last byte of the pair; −1: it cannot be said from bytes */
  private readValue(data: Buffer, sign: number, end: number): number {
    const closing = closingQuote(data, sign + 1, end)
    this.from = closing < 0 ? sign + 1 : sign + 2
    this.to = closing < 0 ? valueEnd(data, this.from, end) : closing
    if (closing >= 0) return closing
    return this.to < end && data[this.to]! >= FIRST_WIDE ? -1 : this.to - 1
  }

  private isName(data: Buffer, start: number, end: number): boolean {
    const { tail } = this
    if (end - start < tail.length) return false
    for (let i = 1; i <= tail.length; i++) if (data[end - i] !== tail[tail.length - i]) return false
    return cleanKey(latin1(data, start, end)) === this.name
  }
}

/** No value of the pair before reaches into the key: it ends where no key goes on. */
function keyStart(data: Buffer, start: number, end: number): number {
  let pos = end
  while (pos > start && KEY[data[pos - 1]!] === 1) pos--
  return pos
}
/** Where the quote stands that closes the one at a place; −1: there is no such pair. */
function closingQuote(data: Buffer, at: number, end: number): number {
  if (at >= end || data[at] !== QUOTE) return -1
  let pos = at + 1
  while (pos < end && data[pos] !== QUOTE) pos++
  return pos < end ? pos : -1
}
function valueEnd(data: Buffer, at: number, end: number): number {
  let pos = at
  while (pos < end && VALUE[data[pos]!] === 1) pos++
  return pos
}
