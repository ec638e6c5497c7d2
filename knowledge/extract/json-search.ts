import type { JsonNameSearch } from '../../spl/batch/byte-search'
import { utf8 } from './raw-rows'
import type { ValueSearch } from './value-search'

const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN = 0x7b
const CLOSE = 0x7d
/** As `parseJson`: deeper nesting is no JSON. */
const DEPTH = 500

/** Of a key: it is none; it leads elsewhere. Else it is how many bytes of the name are said with it. */
const NO_KEY = -2
const ELSEWHERE = -1

/**
 * Finds the values that `jsonPairs` gives one name, on the bytes of a text: only they are decoded, everything else is only seen to be
 * JSON, since a text that is none has no fields. It reads as `parseJson` does.
 */
export class JsonSearch implements ValueSearch {
  readonly places: number[] = []
  readonly written = 'json'
  readonly needles: readonly Buffer[]
  readonly byName: JsonNameSearch | undefined
  private readonly name: Buffer
  private data: Buffer = Buffer.alloc(0)
  private pos = 0
  private end = 0
  private unsure = false

  /** @param name not empty, of characters that bytes of UTF-8 stand for */
  constructor(name: string) {
    this.name = Buffer.from(name)
    this.needles = needlesOf(name)
    this.byName = name.includes('{}') ? undefined : { name: this.name, needles: this.needles }
  }
  mayBegin(byte: number): boolean {
    return byte === OPEN || byte === OPEN_ARRAY || isBlank(byte)
  }

  /** False where two keys of one object lead to the name: which values count, and in which order, is then for the whole text to say. */
  look(data: Buffer, start: number, end: number): boolean {
    this.data = data
    this.pos = start
    this.end = end
    this.unsure = false
    this.places.length = 0
    this.skipBlanks()
    const c = data[this.pos]
    const read = (c === OPEN || c === OPEN_ARRAY) && this.value(0, 0)
    if (read) this.skipBlanks()
    if (!read || this.pos !== end) this.places.length = 0
    return !this.unsure
  }

  private skipBlanks(): void {
    while (this.pos < this.end && isBlank(this.data[this.pos]!)) this.pos++
  }
  private takes(byte: number): boolean {
    this.skipBlanks()
    if (this.pos >= this.end || this.data[this.pos] !== byte) return false
    this.pos++
    return true
  }

  /** @param said how many bytes of the name the path of the value is, or `ELSEWHERE` */
  private value(depth: number, said: number): boolean {
    this.skipBlanks()
    const start = this.pos
    if (start >= this.end || depth > DEPTH) return false
    const c = this.data[start]!
    if (c === OPEN) return this.object(depth, said)
    if (c === OPEN_ARRAY) return this.array(depth, said)
    this.pos = (c === QUOTE ? stringEnd : c === MINUS || isDigit(c) ? numberEnd : wordEnd)(this.data, start, this.end)
    if (said === this.name.length && this.pos >= 0) this.places.push(start, this.pos)
    return this.pos >= 0
  }

  private array(depth: number, said: number): boolean {
    this.pos++
    if (this.takes(CLOSE_ARRAY)) return true
    const inside = said >= 0 && this.isArrayNext(said) ? said + 2 : ELSEWHERE
    do {
      if (!this.value(depth + 1, inside)) return false
    } while (this.takes(COMMA))
    return this.takes(CLOSE_ARRAY)
  }

  private object(depth: number, said: number): boolean {
    this.pos++
    if (this.takes(CLOSE)) return true
    const from = said <= 0 ? said : this.name[said] === DOT ? said + 1 : ELSEWHERE
    let led = false
    do {
      const inside = this.key(from)
      if (inside >= 0) {
        this.unsure ||= led
        led = true
      }
      if (inside === NO_KEY || this.unsure || !this.takes(COLON) || !this.value(depth + 1, inside)) return false
    } while (this.takes(COMMA))
    return this.takes(CLOSE)
  }

  /** How many bytes of the name are said with the next key. @param from so many are said before it, or `ELSEWHERE` */
  private key(from: number): number {
    this.skipBlanks()
    const { data, pos, end } = this
    if (pos >= end || data[pos] !== QUOTE) return NO_KEY
    this.pos = stringEnd(data, pos, end)
    if (this.pos < 0) return NO_KEY
    return from < 0 ? ELSEWHERE : this.saidWith(from, pos + 1, this.pos - 1)
  }
  private saidWith(from: number, start: number, end: number): number {
    const { data, name } = this
    let to = from
    for (let i = start; i < end; i++, to++) {
      const byte = data[i]!
      if (byte === BACKSLASH) return this.saidWithText(from, JSON.parse(utf8(data, start - 1, end + 1)) as string)
      if (byte !== name[to]) return ELSEWHERE
    }
    return this.ended(to)
  }
  private saidWithText(from: number, key: string): number {
    const to = from + Buffer.byteLength(key)
    return this.name.toString('utf8', from, to) === key ? this.ended(to) : ELSEWHERE
  }
  private ended(to: number): number {
    // An empty key at the top says nothing: what is in it is named as if it stood at the top.
    return to === 0 || to === this.name.length || this.name[to] === DOT || this.isArrayNext(to) ? to : ELSEWHERE
  }
  private isArrayNext(at: number): boolean {
    return this.name[at] === OPEN && this.name[at + 1] === CLOSE
  }
}

/** The end of the last key, with the quote behind it, or an escape that the key may be written with; an array, where there is no key. */
function needlesOf(name: string): readonly Buffer[] {
  const key = name.replace(/(?:\{\})+$/, '')
  const tail = key.slice(key.lastIndexOf('.') + 1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must be written as escapes
  const hidden = /["\\/\u0000-\u001f]/.test(tail) ? '\\' : '\\u'
  // A key may itself end as arrays do.
  return [key === '' ? '[' : `${tail}"`, hidden, ...(key === name ? [] : ['{}"'])].map((text) => Buffer.from(text))
}

const isBlank = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09
const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39
const isHex = (c: number): boolean => isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66)

/** One past what begins at a place, or −1 where it is none of its kind that ends by `end`. */
type EndOf = (data: Buffer, at: number, end: number) => number

/** 1: stands for itself in a string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_v, c) => (c >= 0x20 && c !== QUOTE && c !== BACKSLASH ? 1 : 0))
const ESCAPES = new Set(Buffer.from('"\\/bfnrt'))
const U = 0x75

const stringEnd: EndOf = (data, at, end) => {
  for (let pos = at + 1; pos >= 0 && pos < end; ) {
    const c = data[pos]!
    if (PLAIN[c] === 1) pos++
    else if (c === BACKSLASH) pos = escapeEnd(data, pos, end)
    else return c === QUOTE ? pos + 1 : -1
  }
  return -1
}
const escapeEnd: EndOf = (data, at, end) => {
  const c = at + 1 < end ? data[at + 1]! : 0
  if (c !== U) return ESCAPES.has(c) ? at + 2 : -1
  const after = at + 6
  for (let pos = at + 2; pos < after; pos++) if (!isHex(data[pos]!)) return -1
  return after
}

const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word))
const wordEnd: EndOf = (data, at, end) => {
  const word = WORDS.find((w) => w[0] === data[at])
  if (!word || at + word.length > end) return -1
  for (let i = 1; i < word.length; i++) if (data[at + i] !== word[i]) return -1
  return at + word.length
}

const E = 0x65
const numberEnd: EndOf = (data, at, end) => {
  const whole = data[at] === MINUS ? at + 1 : at
  // Of what follows a leading zero nothing is part of a number, so that the text is no JSON.
  let pos = data[whole] === ZERO && whole < end ? whole + 1 : digitsEnd(data, whole, end)
  if (pos >= 0 && pos < end && data[pos] === DOT) pos = digitsEnd(data, pos + 1, end)
  if (pos >= 0 && pos < end && (data[pos]! | 0x20) === E) pos = exponentEnd(data, pos + 1, end)
  return pos
}
const exponentEnd: EndOf = (data, at, end) => digitsEnd(data, data[at] === MINUS || data[at] === PLUS ? at + 1 : at, end)
/** One digit at least. */
const digitsEnd: EndOf = (data, at, end) => {
  let pos = at
  while (pos < end && isDigit(data[pos]!)) pos++
  return pos > at ? pos : -1
}
