import { DAY } from './civil'
import { readTime } from './strptime'
import type { Zone } from './zone'

/** How the timestamp of an event's text is sought; a prefix is the caller's to match, who passes the text after it. */
export interface TimestampRules {
  /** strptime format, anchored at the start of the text; without it the usual shapes are tried. */
  readonly format?: string
  /** How many characters may be read; 0 or less: all. */
  readonly lookahead: number
  readonly zone: Zone
  /** Epoch seconds; fills in a missing year or date, and the bounds count from it. */
  readonly now: number
  /** MAX_DAYS_AGO, 2000 unless told. */
  readonly maxDaysAgo?: number
  /** MAX_DAYS_HENCE, 2 unless told. */
  readonly maxDaysHence?: number
}

export interface Timestamp {
  /** Epoch seconds. */
  readonly seconds: number
  /** Place in the text: first character, and the one after the last. */
  readonly start: number
  readonly end: number
  /** Minutes east of UTC, where the text itself has a zone. */
  readonly offsetMinutes: number | undefined
}

interface Shape {
  readonly pattern: RegExp
  /** The format for a match, by what the match holds. */
  format(match: RegExpExecArray): string
}

const CLOCK = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?`
const ZONE = String.raw`(\s?(?:[+-]\d\d:?\d\d(?!\d)|(?:Z|UTC|GMT|[ECMP][SD]T|CES?T|BST)\b))?`
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*'

const fractionOf = (text: string): string => (/\d,\d{1,9}(?!\d)/.test(text) ? ',%N' : '.%N')
const zoneOf = (text: string | undefined): string => (text ? (/[+-]/.test(text) ? ' %z' : ' %Z') : '')
const clock = (match: RegExpExecArray): string => `%H:%M:%S${fractionOf(match[0])}`

const SHAPES: readonly Shape[] = [
  {
    // 2026-08-24T13:30:15.123Z, 2026/08/24 13:30:15,123 +0200
    pattern: RegExp(String.raw`(?<!\d)\d{4}([-/])\d{1,2}\1\d{1,2}(?:T|\s+|_)${CLOCK}${ZONE}`),
    format: (m) =>
      `%Y${m[1]}%m${m[1]}%d${m[0].includes('T') && /\dT\d/.test(m[0]) ? 'T' : m[0].includes('_') ? '_' : ' '}${clock(m)}${zoneOf(m[2])}`,
  },
  {
    // 20260824T133015Z
    pattern: RegExp(String.raw`(?<!\d)\d{8}T\d{6}(?:[.,]\d{1,9})?${ZONE}`),
    format: (m) => `%Y%m%dT%H%M%S${fractionOf(m[0])}${zoneOf(m[1])}`,
  },
  {
    // syslog and ctime: Aug 24 13:30:15, Mon Aug 24 13:30:15 CEST 2026, Aug 24, 2026 13:30:15
    pattern: RegExp(String.raw`\b${MONTH}\s+\d{1,2}(,?\s+(?:19|20)\d\d)?,?\s+${CLOCK}${ZONE}(\s(?:19|20)\d\d\b)?`),
    format: (m) =>
      `%b %d${m[1] ? (m[1].includes(',') ? ', %Y' : ' %Y') : ''}${/\d,\s+\d{1,2}:/.test(m[0]) ? ',' : ''} ${clock(m)}${zoneOf(m[2])}${m[3] && !m[1] ? ' %Y' : ''}`,
  },
  {
    // apache 24/Aug/2026:13:30:15 +0200, RFC 2822 24 Aug 2026 13:30:15 GMT, 24-Aug-2026 13:30:15
    pattern: RegExp(String.raw`(?<!\d)\d{1,2}([-/ ])${MONTH}\1\d{4}(:|,?\s+)${CLOCK}${ZONE}`),
    format: (m) => `%d${m[1]}%b${m[1]}%Y${m[2]!.startsWith(',') ? ', ' : m[2]![0]}${clock(m)}${zoneOf(m[3])}`,
  },
  {
    // US 08/24/2026 01:30:15 PM
    pattern: RegExp(String.raw`(?<![\d/])\d{1,2}/\d{1,2}/(\d{4}|\d\d)(:|,?\s+)${CLOCK}(\s?[AP]M\b)?${ZONE}`, 'i'),
    format: (m) => {
      const [first = 0, second = 0] = m[0].split('/').map(Number)
      const date = first > 12 && second <= 12 ? '%d/%m' : '%m/%d'
      const between = m[2]!.startsWith(',') ? ', ' : m[2]![0]
      const time = m[3] ? `%I:%M:%S${fractionOf(m[0])} %p` : clock(m)
      return `${date}/${m[1]!.length === 4 ? '%Y' : '%y'}${between}${time}${zoneOf(m[4])}`
    },
  },
]

const DATES: readonly Shape[] = [
  { pattern: /(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])/, format: () => '%Y-%m-%d' },
  { pattern: /(?<![\d/])\d{1,2}\/\d{1,2}\/\d{4}(?![\d/])/, format: () => '%m/%d/%Y' },
]

// 10 digits, or 13, 16, 19 of milli-, micro-, nanoseconds, at the start; a bracket or quote may stand before.
const EPOCH = /^[\s[("']*(\d{10})(?:\.\d{1,9}|\d{3}(?:\d{3}(?:\d{3})?)?)?(?![\d.])/
// Nothing is tried on a text without one of these, which is most of those that have no timestamp.
const LIKELY = /\d:\d\d:\d|\d-\d\d-\d|\d\/\d{1,2}\/\d|\dT\d{6}/

/**
 * The timestamp of an event's text, by a format or by the usual shapes, the leftmost first.
 * @returns nothing where there is none within the look-ahead, or only ones outside the bounds
 * @source props.conf.spec, TIME_FORMAT, MAX_TIMESTAMP_LOOKAHEAD, MAX_DAYS_AGO, MAX_DAYS_HENCE
 */
export function findTimestamp(text: string, rules: TimestampRules): Timestamp | undefined {
  const window = rules.lookahead > 0 ? text.slice(0, rules.lookahead) : text
  if (rules.format !== undefined) return readAt(window, 0, rules.format, rules)
  const epoch = EPOCH.exec(window)
  if (epoch) {
    const found = epochTime(epoch, rules)
    if (found) return found
  }
  if (!LIKELY.test(window)) return undefined
  return leftmost(window, SHAPES, rules) ?? leftmost(window, DATES, rules)
}

function leftmost(window: string, shapes: readonly Shape[], rules: TimestampRules): Timestamp | undefined {
  let best: Timestamp | undefined
  for (const shape of shapes) {
    const match = shape.pattern.exec(window)
    if (!match || (best && match.index >= best.start)) continue
    best = readAt(window, match.index, shape.format(match), rules) ?? best
    if (best?.start === 0) break
  }
  return best
}

function readAt(window: string, from: number, format: string, rules: TimestampRules): Timestamp | undefined {
  const { now, zone, maxDaysHence = 2 } = rules
  const text = from ? window.slice(from) : window
  const read = readTime(text, format, zone, { now, aheadSeconds: maxDaysHence * DAY })
  if (!read || !acceptable(read.seconds, rules)) return undefined
  const start = from + (text.length - text.trimStart().length)
  return { seconds: read.seconds, start, end: from + read.end, offsetMinutes: read.offsetMinutes }
}

function epochTime(match: RegExpExecArray, rules: TimestampRules): Timestamp | undefined {
  const [whole, seconds = ''] = match
  const start = whole.indexOf(seconds)
  const figures = whole.slice(start + seconds.length).replace('.', '')
  const micros = Number(figures.slice(0, 6).padEnd(6, '0'))
  const time = (Number(seconds) * 1e6 + micros) / 1e6
  return acceptable(time, rules) ? { seconds: time, start, end: whole.length, offsetMinutes: undefined } : undefined
}

function acceptable(seconds: number, { now, maxDaysAgo = 2000, maxDaysHence = 2 }: TimestampRules): boolean {
  return seconds >= now - maxDaysAgo * DAY && seconds <= now + maxDaysHence * DAY
}
