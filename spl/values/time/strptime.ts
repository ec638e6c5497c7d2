import { type FormatPiece, piecesOf } from './format'
import { remembered } from './memo'
import { ABBREVIATIONS, MONTHS, WEEKDAYS } from './names'
import { blankReading, offsetMinutes, type Reading, type ReadingNumber, type ReadingRules, secondsOf } from './reading'
import { findZone, type Zone } from './zone'

/** A time read from a text: `end` is the place after it, `offsetMinutes` what the text itself said of its zone. */
export interface TimeRead {
  readonly seconds: number
  readonly end: number
  readonly offsetMinutes: number | undefined
}

/** Reads on from `r.at`; false: the text does not fit. */
type Step = (r: Reading) => boolean

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

function skipBlanks(r: Reading): void {
  while (r.at < r.text.length && isBlank(r.text.charCodeAt(r.at))) r.at++
}

const blanks: Step = (r) => {
  skipBlanks(r)
  return true
}

/** A number of at most `width` digits, blanks before it allowed (`Nov  4`); -1: none. */
function digits(r: Reading, width: number): number {
  skipBlanks(r)
  const from = r.at
  let value = 0
  while (r.at < r.text.length && r.at - from < width) {
    const code = r.text.charCodeAt(r.at)
    if (!isDigit(code)) break
    value = value * 10 + code - 48
    r.at++
  }
  return r.at === from ? -1 : value
}

const number =
  (key: ReadingNumber, width: number, least: number, most: number): Step =>
  (r) => {
    const value = digits(r, width)
    r[key] = value
    return value >= least && value <= most
  }

/** A name, whole or its first three letters, in any case. */
function named(names: readonly string[], key: ReadingNumber, first: number): Step {
  const lower = names.map((name) => name.toLowerCase())
  return (r) => {
    skipBlanks(r)
    const rest = r.text.slice(r.at, r.at + 9).toLowerCase()
    const index = lower.findIndex((name) => rest.startsWith(name.slice(0, 3)))
    if (index < 0) return false
    r.at += rest.startsWith(lower[index]!) ? lower[index]!.length : 3
    r[key] = index + first
    return true
  }
}

/** Digits of a fraction of a second; those past `width` are left in the text, those past the microsecond are dropped. */
function fraction(width: number): Step {
  return (r) => {
    let micros = 0
    let scale = 1e5
    const from = r.at
    while (r.at < r.text.length && r.at - from < width && isDigit(r.text.charCodeAt(r.at))) {
      micros += (r.text.charCodeAt(r.at) - 48) * Math.floor(scale)
      scale /= 10
      r.at++
    }
    r.micros = micros
    return r.at > from
  }
}

/** `.%N` may be absent as a whole: `Mon Aug 13 00:00:00 2018` fits `%a %B %d %H:%M:%S.%N %Y` (documented). */
function optionalFraction(mark: string, width: number): Step {
  const read = fraction(width)
  return (r) => {
    if (r.text[r.at] !== mark || !isDigit(r.text.charCodeAt(r.at + 1))) return true
    r.at++
    return read(r)
  }
}

const epoch: Step = (r) => {
  const sign = r.text[r.at] === '-' ? -1 : 1
  if (sign < 0) r.at++
  // Ten digits at most, so that %s%3N reads the 13 digits of milliseconds.
  const value = digits(r, 10)
  r.epoch = sign * value
  return value >= 0
}

const OFFSET = /(?:[zZ](?![A-Za-z])|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)/y
const ZONE_NAME = /[A-Za-z][A-Za-z0-9_/+-]*/y
const MINUTES = /[+-]?\d{1,4}/y

const matched = (pattern: RegExp, r: Reading): string | undefined => {
  skipBlanks(r)
  pattern.lastIndex = r.at
  const found = pattern.exec(r.text)?.[0]
  if (found !== undefined) r.at += found.length
  return found
}

const offset: Step = (r) => {
  const found = matched(OFFSET, r)
  if (found !== undefined) r.offsetMinutes = offsetMinutes(found)
  return found !== undefined
}

const zoneMinutes: Step = (r) => {
  const found = matched(MINUTES, r)
  if (found !== undefined) r.offsetMinutes = Number(found)
  return found !== undefined
}

const zoneName: Step = (r) => {
  const found = matched(ZONE_NAME, r)
  const minutes = found === undefined ? undefined : ABBREVIATIONS.get(found.toUpperCase())
  if (minutes !== undefined) r.offsetMinutes = minutes
  else r.zone = found === undefined ? undefined : findZone(found)
  return minutes !== undefined || r.zone !== undefined
}

const halfDay: Step = (r) => {
  skipBlanks(r)
  const two = r.text.slice(r.at, r.at + 2).toLowerCase()
  r.afternoon = two === 'pm'
  r.at += 2
  return two === 'am' || two === 'pm'
}

const shortIsoYear: Step = (r) => {
  const value = digits(r, 2)
  r.isoYear = value + (value < 69 ? 2000 : 1900)
  return value >= 0
}

const month = named(MONTHS, 'month', 1)
const weekday = named(WEEKDAYS, 'weekday', 0)
const day = number('day', 2, 1, 31)
const hour24 = number('hour', 2, 0, 23)
const hour12 = number('hour12', 2, 1, 12)

const STEPS: Readonly<Record<string, Step>> = {
  Y: number('year', 4, 0, 9999),
  y: number('shortYear', 2, 0, 99),
  C: number('century', 2, 0, 99),
  G: number('isoYear', 4, 0, 9999),
  g: shortIsoYear,
  V: number('isoWeek', 2, 1, 53),
  U: number('sundayWeek', 2, 0, 53),
  m: number('month', 2, 1, 12),
  b: month,
  B: month,
  d: day,
  e: day,
  j: number('dayOfYear', 3, 1, 366),
  a: weekday,
  A: weekday,
  w: number('weekday', 1, 0, 6),
  H: hour24,
  k: hour24,
  I: hour12,
  l: hour12,
  M: number('minute', 2, 0, 59),
  // 60 is a leap second; it counts as the second after.
  S: number('second', 2, 0, 60),
  p: halfDay,
  s: epoch,
  z: offset,
  ':z': offset,
  '::z': offset,
  ':::z': offset,
  Ez: zoneMinutes,
  Z: zoneName,
}

/** The text between variables: a run of blanks fits any run of blanks, or none. */
function literalSteps(literal: string): Step[] {
  return literal.split(/(\s+)/).flatMap((part): Step[] => {
    if (part === '') return []
    if (/^\s/.test(part)) return [blanks]
    return [
      (r) => {
        if (!r.text.startsWith(part, r.at)) return false
        r.at += part.length
        return true
      },
    ]
  })
}

/** Digits that a subsecond variable reads; without a width up to nine, as `%N` writes them. */
const subsecondWidth = (variable: string, width: number | undefined): number | undefined =>
  variable === 'N' || variable === 'Q' ? (width ?? 9) : variable === 'f' ? 9 : undefined

const widthOf = (piece: FormatPiece | undefined): number | undefined =>
  piece && 'variable' in piece ? subsecondWidth(piece.variable, piece.width) : undefined

/** The point or comma that ends a piece of text. */
const markOf = (piece: FormatPiece | undefined): string | undefined =>
  piece && 'literal' in piece ? /[.,]$/.exec(piece.literal)?.[0] : undefined

const compiled = remembered((format: string): readonly Step[] => {
  const pieces = piecesOf(format)
  return pieces.flatMap((piece, i): Step[] => {
    if ('literal' in piece) {
      const fractional = widthOf(pieces[i + 1]) !== undefined
      return literalSteps(fractional ? piece.literal.replace(/[.,]$/, '') : piece.literal)
    }
    const width = widthOf(piece)
    const mark = markOf(pieces[i - 1])
    if (width === undefined) return [STEPS[piece.variable]!]
    return [mark ? optionalFraction(mark, width) : fraction(width)]
  })
})

/**
 * Reads a time at the start of a text, by a strptime format; what follows in the text is left.
 * @param zone  the zone where the text names none
 * @returns nothing where the text does not fit, has no day, or names a day that does not exist
 */
export function readTime(text: string, format: string, zone: Zone, rules: ReadingRules = {}): TimeRead | undefined {
  const reading = blankReading(text)
  for (const step of compiled(format)) if (!step(reading)) return undefined
  const seconds = secondsOf(reading, zone, rules)
  return seconds === undefined ? undefined : { seconds, end: reading.at, offsetMinutes: reading.offsetMinutes }
}

/**
 * The time that a text tells by a format.
 * @param now  where given, a time of day alone is one of today, and a date without a year one of this year
 * @returns epoch seconds, exact to the microsecond; null where the text does not fit; text after the time is allowed
 * @source Search Reference, "Date and Time functions", strptime, and "Date and time format variables"
 */
export function strptime(text: string, format: string, zone: Zone, now?: number): number | null {
  return readTime(text, format, zone, now === undefined ? {} : { now })?.seconds ?? null
}
