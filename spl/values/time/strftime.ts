import { DAY, dateOf, daysOf, mod, toMicros, weekdayOf } from './civil'
import { piecesOf } from './format'
import { remembered } from './memo'
import { MONTHS, WEEKDAYS } from './names'
import type { Zone } from './zone'

/** One time taken apart: local date and clock, and what the zone variables need. */
interface Moment {
  readonly year: number
  readonly month: number
  readonly day: number
  /** Days since 1970-01-01, local. */
  readonly days: number
  /** Seconds since local midnight. */
  readonly clock: number
  readonly micros: number
  /** Whole epoch seconds. */
  readonly epoch: number
  readonly offset: number
  readonly zone: Zone
}

type Writer = (m: Moment) => string

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))
const two = (n: number): string => TWO[n]!
const blank = (n: number): string => (n < 10 ? ` ${n}` : `${n}`)
const year4 = (year: number): string => (year >= 1000 ? `${year}` : year < 0 ? `${year}` : `${year}`.padStart(4, '0'))
const hourOf = (m: Moment): number => (m.clock / 3600) | 0
const hour12 = (m: Moment): number => hourOf(m) % 12 || 12
const dayOfYear = (m: Moment): number => m.days - daysOf(m.year, 1, 1)

/** The Thursday of the same ISO week: its year is the ISO year. */
const thursday = (m: Moment): number => m.days + 3 - mod(weekdayOf(m.days) - 1, 7)
const isoYear = (m: Moment): number => dateOf(thursday(m)).year
const isoWeek = (m: Moment): number => Math.floor((thursday(m) - daysOf(isoYear(m), 1, 1)) / 7) + 1

/** The first `width` digits of the fraction. Digits past the microsecond are noise of the double and written as 0. */
function subseconds(width: number): Writer {
  if (width === 6) return (m) => `${m.micros}`.padStart(6, '0')
  if (width > 6) return (m) => `${m.micros}`.padStart(6, '0').padEnd(width, '0')
  const unit = 10 ** (6 - width)
  return (m) => `${Math.floor(m.micros / unit)}`.padStart(width, '0')
}

function offset(write: (hours: string, minutes: string, seconds: string) => string): Writer {
  return (m) => {
    const size = Math.abs(m.offset)
    return (m.offset < 0 ? '-' : '+') + write(two(Math.floor(size / 3600)), two(Math.floor(size / 60) % 60), two(size % 60))
  }
}

const WRITERS: Readonly<Record<string, Writer>> = {
  Y: (m) => year4(m.year),
  y: (m) => two(mod(m.year, 100)),
  C: (m) => `${Math.floor(m.year / 100)}`.padStart(2, '0'),
  G: (m) => year4(isoYear(m)),
  g: (m) => two(mod(isoYear(m), 100)),
  V: (m) => two(isoWeek(m)),
  U: (m) => two(Math.floor((dayOfYear(m) + 7 - weekdayOf(m.days)) / 7)),
  m: (m) => two(m.month),
  b: (m) => MONTHS[m.month - 1]!.slice(0, 3),
  B: (m) => MONTHS[m.month - 1]!,
  d: (m) => two(m.day),
  e: (m) => blank(m.day),
  j: (m) => `${dayOfYear(m) + 1}`.padStart(3, '0'),
  a: (m) => WEEKDAYS[weekdayOf(m.days)]!.slice(0, 3),
  A: (m) => WEEKDAYS[weekdayOf(m.days)]!,
  w: (m) => `${weekdayOf(m.days)}`,
  H: (m) => two(hourOf(m)),
  k: (m) => blank(hourOf(m)),
  I: (m) => two(hour12(m)),
  l: (m) => blank(hour12(m)),
  M: (m) => two(((m.clock / 60) | 0) % 60),
  S: (m) => two(m.clock % 60),
  p: (m) => (m.clock < DAY / 2 ? 'AM' : 'PM'),
  f: subseconds(6),
  s: (m) => `${m.epoch}`,
  z: offset((h, m) => h + m),
  ':z': offset((h, m) => `${h}:${m}`),
  '::z': offset((h, m, s) => `${h}:${m}:${s}`),
  ':::z': offset((h) => h),
  Ez: (m) => `${Math.trunc(m.offset / 60)}`,
  Z: (m) => m.zone.abbreviationAt(m.epoch),
}

const compiled = remembered((format: string): readonly Writer[] =>
  piecesOf(format).map((piece): Writer => {
    if ('literal' in piece) return () => piece.literal
    if (piece.variable === 'N') return subseconds(piece.width ?? 9)
    if (piece.variable === 'Q') return subseconds(piece.width ?? 3)
    return WRITERS[piece.variable]!
  }),
)

/**
 * Writes a time by a format.
 * @param epochSeconds  with fraction; rounded to microseconds first, so 1521467703.049 has `%Q` = 049
 * @returns '' for a number that is not finite
 * @source Search Reference, "Date and time format variables"; unknown variables stay as typed
 */
export function strftime(epochSeconds: number, format: string, zone: Zone): string {
  if (!Number.isFinite(epochSeconds)) return ''
  const writers = compiled(format)
  const total = toMicros(epochSeconds)
  const epoch = Math.floor(total / 1e6)
  const east = zone.fixed ?? zone.offsetAt(epoch)
  const local = epoch + east
  const days = Math.floor(local / DAY)
  const { year, month, day } = dateOf(days)
  const moment: Moment = { year, month, day, days, clock: local - days * DAY, micros: total - epoch * 1e6, epoch, offset: east, zone }
  let out = ''
  for (let i = 0; i < writers.length; i++) out += writers[i]!(moment)
  return out
}
