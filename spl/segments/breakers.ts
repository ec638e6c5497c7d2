/**
 * The characters at which text is cut into terms. Major breakers end a term; minor ones lie inside a major term and cut it once more.
 * @source segmenters.conf of 10.4.2, stanzas [full], [indexing] and [search]
 */
export const PLAIN = 0
export const MAJOR = 1
export const MINOR = 2

const MAJOR_CHARACTERS = '[]<>(){}|!;,\'"*\n\r \t&?+'
const MINOR_CHARACTERS = '/:=@.-$#%\\_'
/** Encoded characters are major breakers, three or five characters long; either case of a digit counts, since text is folded before it is cut. */
const ENCODED_PAIRS = ['21', '26', '3b', '7c', '20', '2b', '3d', '5d', '5b', '3a', '0a', '2c', '28', '29']
/** Those that [inner] and [outer] leave out of their lists. */
const ONLY_IN_FULL = ENCODED_PAIRS.slice(7)
const TWICE_ENCODED_PAIRS = ['26', '20']

const DASH = 45
const PERCENT = 37

/** Class of an ASCII code; anything past it is plain. */
export const CLASS = new Uint8Array(256)
for (const c of MAJOR_CHARACTERS) CLASS[c.charCodeAt(0)] = MAJOR
for (const c of MINOR_CHARACTERS) CLASS[c.charCodeAt(0)] = MINOR

const ENCODED = pairs(ENCODED_PAIRS)
const TWICE_ENCODED = pairs(TWICE_ENCODED_PAIRS)
const PERCENT_ENCODED = pairs(['25'])
const ENCODED_ONLY_IN_FULL = pairs(ONLY_IN_FULL)

function pairs(texts: readonly string[]): Uint8Array {
  const table = new Uint8Array(1 << 14)
  for (const t of texts) for (const v of [t, t.toUpperCase()]) table[(v.charCodeAt(0) << 7) | v.charCodeAt(1)] = 1
  return table
}
/** `-1` (outside) and codes past ASCII are in no table. */
const inTable = (table: Uint8Array, a: number, b: number) => (a | b) >>> 0 < 128 && table[(a << 7) | b] === 1

/** Code units or bytes by position, −1 outside: what the tests of borders look at. */
export interface Codes {
  at(i: number): number
}
export class TextCodes implements Codes {
  constructor(public text: string) {}
  at(i: number): number {
    return i >= 0 && i < this.text.length ? this.text.charCodeAt(i) : -1
  }
}
export class ByteCodes implements Codes {
  data: Uint8Array = new Uint8Array(0)
  start = 0
  end = 0
  at(i: number): number {
    return i >= this.start && i < this.end ? this.data[i]! : -1
  }
}

export const classOf = (code: number): number => (code >= 0 && code < 128 ? CLASS[code]! : PLAIN)

/** Length of the major breaker of several characters that begins at `i`, or 0: `--`, `%20` and its like, `%2526`, `%2520`. */
export function sequenceAt(c: Codes, i: number): number {
  const first = c.at(i)
  if (first === DASH) return c.at(i + 1) === DASH ? 2 : 0
  if (first !== PERCENT) return 0
  const a = c.at(i + 1)
  const b = c.at(i + 2)
  if (inTable(ENCODED, a, b)) return 3
  return inTable(PERCENT_ENCODED, a, b) && inTable(TWICE_ENCODED, c.at(i + 3), c.at(i + 4)) ? 5 : 0
}

/** The same for the shorter list of [inner] and [outer]. */
export const shortSequenceAt = (c: Codes, i: number): number =>
  c.at(i) === PERCENT && inTable(ENCODED_ONLY_IN_FULL, c.at(i + 1), c.at(i + 2)) ? 0 : sequenceAt(c, i)

const endsSequence = (c: Codes, i: number) =>
  (c.at(i - 3) === PERCENT && sequenceAt(c, i - 3) === 3) || (c.at(i - 5) === PERCENT && sequenceAt(c, i - 5) === 5)

/** Whether a term without breakers may begin at `i`: at the start of the text or after a breaker of either class. */
export function startsTerm(c: Codes, i: number): boolean {
  const left = c.at(i - 1)
  if (left < 0) return true
  if (left === PERCENT) return sequenceAt(c, i - 1) === 0 // else `i` lies inside `%20`
  return classOf(left) !== PLAIN || endsSequence(c, i)
}

/** Whether a term without breakers may end before `end`. */
export function endsTerm(c: Codes, end: number): boolean {
  const right = c.at(end)
  return right < 0 || classOf(right) !== PLAIN
}

/** Whether a whole major term begins at `i`. */
export function startsMajor(c: Codes, i: number): boolean {
  const left = c.at(i - 1)
  if (left < 0 || classOf(left) === MAJOR) return true
  if (left !== DASH) return classOf(left) === PLAIN && endsSequence(c, i)
  // Dashes pair from the left: of three, the last belongs to the term.
  let run = 1
  while (c.at(i - 1 - run) === DASH) run++
  return run % 2 === 0
}

/** Whether a whole major term ends before `end`. */
export function endsMajor(c: Codes, end: number): boolean {
  const right = c.at(end)
  if (right < 0 || classOf(right) === MAJOR) return true
  // The dash before `end` would be the first half of the breaker.
  if (right === DASH && c.at(end - 1) === DASH) return false
  return sequenceAt(c, end) > 0
}
