import { type Civil, clockSeconds, DAY, dateOf, daysInMonth, daysOf, mod, weekdayOf } from './civil'
import type { Zone } from './zone'

export type ReadingNumber =
  | 'year'
  | 'shortYear'
  | 'century'
  | 'isoYear'
  | 'isoWeek'
  | 'sundayWeek'
  | 'month'
  | 'day'
  | 'dayOfYear'
  | 'weekday'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'

/** What a text has told of a time so far; -1 where it has said nothing. */
export interface Reading extends Record<ReadingNumber, number> {
  readonly text: string
  at: number
  afternoon: boolean
  micros: number
  epoch: number | undefined
  offsetMinutes: number | undefined
  zone: Zone | undefined
}

/** How gaps in a text are filled; without `now` they are not. */
export interface ReadingRules {
  /** Epoch seconds. */
  readonly now?: number
  /** For a date without a year: the latest year whose time is at most this many seconds after `now`. Without it: this year. */
  readonly aheadSeconds?: number
  /** Dates of earlier years are refused. */
  readonly firstYear?: number
}

export function blankReading(text: string): Reading {
  return {
    text,
    at: 0,
    year: -1,
    shortYear: -1,
    century: -1,
    isoYear: -1,
    isoWeek: -1,
    sundayWeek: -1,
    month: -1,
    day: -1,
    dayOfYear: -1,
    weekday: -1,
    hour: -1,
    hour12: -1,
    afternoon: false,
    minute: -1,
    second: -1,
    micros: 0,
    epoch: undefined,
    offsetMinutes: undefined,
    zone: undefined,
  }
}

/** Minutes east of `Z`, `+0200`, `-05:00`, `+02`. */
export function offsetMinutes(text: string): number {
  if (!/\d/.test(text)) return 0
  const figures = text.replace(/\D/g, '')
  return (text[0] === '-' ? -1 : 1) * (Number(figures.slice(0, 2)) * 60 + Number(figures.slice(2, 4) || 0))
}

// @source Search Reference, "Date and Time functions", strptime
const FIRST_YEAR = 1971

function yearOf(r: Reading): number {
  if (r.year >= 0) return r.year
  if (r.shortYear < 0) return -1
  if (r.century >= 0) return r.century * 100 + r.shortYear
  return r.shortYear + (r.shortYear < 69 ? 2000 : 1900)
}

/** Days since 1970-01-01 of the date in that year, -1 if it names none. */
function daysIn(r: Reading, year: number): number {
  if (r.month > 0 && r.day > 0) return r.day <= daysInMonth(year, r.month) ? daysOf(year, r.month, r.day) : -1
  const newYear = daysOf(year, 1, 1)
  if (r.dayOfYear > 0) return dateOf(newYear + r.dayOfYear - 1).year === year ? newYear + r.dayOfYear - 1 : -1
  if (r.sundayWeek >= 0 && r.weekday >= 0)
    return newYear - weekdayOf(newYear) + (r.sundayWeek - (weekdayOf(newYear) ? 0 : 1)) * 7 + r.weekday
  return -1
}

function isoDays(r: Reading): number {
  if (r.isoYear < 0 || r.isoWeek < 0 || r.weekday < 0) return -1
  const fourth = daysOf(r.isoYear, 1, 4)
  return fourth - mod(weekdayOf(fourth) - 1, 7) + (r.isoWeek - 1) * 7 + mod(r.weekday - 1, 7)
}

const saysNothingOfDate = (r: Reading): boolean => r.month < 0 && r.day < 0 && r.dayOfYear < 0 && r.isoWeek < 0 && r.sundayWeek < 0

function at(r: Reading, days: number, zone: Zone): number {
  const hour = r.hour12 >= 0 ? (r.hour12 % 12) + (r.afternoon ? 12 : 0) : Math.max(r.hour, 0)
  // Field by field: a spread here took four fifths of the time of strptime.
  const { year, month, day } = dateOf(days)
  const civil: Civil = { year, month, day, hour, minute: Math.max(r.minute, 0), second: Math.max(r.second, 0), micros: r.micros }
  if (r.offsetMinutes === undefined) return (r.zone ?? zone).fromLocal(civil)
  return ((clockSeconds(civil) - r.offsetMinutes * 60) * 1e6 + r.micros) / 1e6
}

function inSomeYear(r: Reading, zone: Zone, now: number, aheadSeconds: number | undefined): number | undefined {
  const thisYear = (r.zone ?? zone).toLocal(now).year
  const years = aheadSeconds === undefined ? [thisYear] : [thisYear + 1, thisYear, thisYear - 1]
  for (const year of years) {
    const days = daysIn(r, year)
    if (days < 0) continue
    const seconds = at(r, days, zone)
    if (aheadSeconds === undefined || seconds <= now + aheadSeconds) return seconds
  }
  return undefined
}

/** Epoch seconds of a reading, if it tells a day. */
export function secondsOf(r: Reading, zone: Zone, { now, aheadSeconds, firstYear = FIRST_YEAR }: ReadingRules): number | undefined {
  if (r.epoch !== undefined) return (r.epoch * 1e6 + r.micros) / 1e6
  const year = yearOf(r)
  const days = year >= 0 ? daysIn(r, year) : isoDays(r)
  if (days >= 0) return dateOf(days).year >= firstYear ? at(r, days, zone) : undefined
  if (year >= 0 || now === undefined) return undefined
  if (!saysNothingOfDate(r)) return inSomeYear(r, zone, now, aheadSeconds)
  if (r.hour < 0 && r.hour12 < 0) return undefined
  const local = r.offsetMinutes === undefined ? clockSeconds((r.zone ?? zone).toLocal(now)) : now + r.offsetMinutes * 60
  return at(r, Math.floor(local / DAY), zone)
}
