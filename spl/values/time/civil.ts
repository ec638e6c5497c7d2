/** A date and time of day on the proleptic Gregorian calendar, without a zone; month 1–12, micros 0–999999. */
export interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly micros: number
}

export const DAY = 86_400
const ERA_DAYS = 146_097

/** The remainder that is never negative. */
export function mod(n: number, by: number): number {
  const rest = n % by
  return rest < 0 ? rest + by : rest
}

/**
 * Epoch seconds as whole microseconds.
 * A double near today's epoch is true to 0.24 µs, so rounding (not truncating) brings back what was written.
 */
export const toMicros = (seconds: number): number => Math.round(seconds * 1e6)

/** Whether an event can have this time: microseconds that a double holds, and their differences too. Not a number: no. */
export const isEventTime = (seconds: number): boolean => Math.abs(seconds) * 1e6 < 2 ** 52
export const notEventTime = (seconds: number): string =>
  `${seconds} is no time of an event: epoch seconds within the years 1828 to 2111 are wanted`

/** Days since 1970-01-01; a month outside 1–12 counts on into other years. */
export function daysOf(year: number, month: number, day: number): number {
  const march = year * 12 + month - 3
  const y = Math.floor(march / 12)
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * mod(march, 12) + 2) / 5) + day - 1
  return era * ERA_DAYS + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** The date of a number of days since 1970-01-01. */
export function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / ERA_DAYS)
  const dayOfEra = shifted - era * ERA_DAYS
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1 }
}

/** 0 is Sunday. */
export const weekdayOf = (days: number): number => mod(days + 4, 7)

export const daysInMonth = (year: number, month: number): number => daysOf(year, month + 1, 1) - daysOf(year, month, 1)

/** Seconds since 1970-01-01 00:00 of the same clock, without the fraction. */
export const clockSeconds = (c: Civil): number => daysOf(c.year, c.month, c.day) * DAY + c.hour * 3600 + c.minute * 60 + c.second

/** The inverse of `clockSeconds`; `seconds` is whole. */
export function civilOf(seconds: number, micros: number): Civil {
  const days = Math.floor(seconds / DAY)
  const rest = seconds - days * DAY
  const { year, month, day } = dateOf(days)
  return { year, month, day, hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60, micros }
}

/** Midnight of a day given as days since 1970-01-01. */
export const midnight = (days: number): Civil => civilOf(days * DAY, 0)

/** The same day and time `count` months on; a day that the month lacks becomes its last. */
export function plusMonths(c: Civil, count: number): Civil {
  const index = c.year * 12 + c.month - 1 + count
  const year = Math.floor(index / 12)
  const month = mod(index, 12) + 1
  const { hour, minute, second, micros } = c
  return { year, month, day: Math.min(c.day, daysInMonth(year, month)), hour, minute, second, micros }
}
