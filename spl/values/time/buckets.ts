import { type Civil, daysOf, midnight, mod, toMicros } from './civil'
import type { NumericSpan, TimeSpan } from './span'
import type { Zone } from './zone'

/** The buckets that a span cuts time into. Times are epoch seconds; a bucket holds its start and not its end. */
export interface Buckets {
  startOf(epochSeconds: number): number
  /** The start of the bucket after the one that `epochSeconds` lies in. */
  next(epochSeconds: number): number
}

/**
 * Buckets for many rows.
 * Spans below a day count from `origin` (epoch 0: `aligntime` moves it), which calendar spans ignore: they begin at the zone's
 * midnights, on days, weeks and months counted from 1970-01-01, its first such week day, and January 1970.
 * @source Search Reference, bin, "aligntime", and timechart, "Bin time spans and local time"
 */
export function bucketsOf(span: TimeSpan, zone: Zone, origin = 0): Buckets {
  return span.kind === 'fixed' ? fixedBuckets(span.micros, toMicros(origin)) : calendarBuckets(span, zone)
}

function fixedBuckets(width: number, origin: number): Buckets {
  const start = (epochSeconds: number): number => {
    const micros = toMicros(epochSeconds) - origin
    return micros - mod(micros, width) + origin
  }
  return {
    startOf: (epochSeconds) => start(epochSeconds) / 1e6,
    next: (epochSeconds) => (start(epochSeconds) + width) / 1e6,
  }
}

type CalendarSpan = Exclude<TimeSpan, { kind: 'fixed' }>

/** Days since 1970-01-01 on which the bucket of a local date begins, and the next one. */
function daysOfBucket(local: Civil, span: CalendarSpan): { first: number; next: number } {
  const { count } = span
  if (span.kind === 'months') {
    const months = (local.year - 1970) * 12 + local.month - 1
    const month = months - mod(months, count) + 1
    return { first: daysOf(1970, month, 1), next: daysOf(1970, month + count, 1) }
  }
  const days = daysOf(local.year, local.month, local.day)
  const width = span.kind === 'weeks' ? count * 7 : count
  // 1970-01-04 was a Sunday.
  const first = days - mod(days - (span.kind === 'weeks' ? 3 + span.firstDay : 0), width)
  return { first, next: first + width }
}

function calendarBuckets(span: CalendarSpan, zone: Zone): Buckets {
  // Neighbouring rows mostly share a bucket, and the calendar is dearer than two comparisons.
  let start = 0
  let end = 0
  const seek = (epochSeconds: number): void => {
    const t = toMicros(epochSeconds) / 1e6
    if (t >= start && t < end) return
    const { first, next } = daysOfBucket(zone.toLocal(t), span)
    start = zone.fromLocal(midnight(first))
    end = zone.fromLocal(midnight(next))
  }
  return {
    startOf(epochSeconds) {
      if (!Number.isFinite(epochSeconds)) return epochSeconds
      seek(epochSeconds)
      return start
    },
    next(epochSeconds) {
      if (!Number.isFinite(epochSeconds)) return epochSeconds
      seek(epochSeconds)
      return end
    },
  }
}

/** The start of the bucket that a time lies in; for many rows take `bucketsOf` once. */
export const floorToSpan = (epochSeconds: number, span: TimeSpan, zone: Zone, origin = 0): number =>
  bucketsOf(span, zone, origin).startOf(epochSeconds)

/** The start of the bucket after the one that a time lies in. */
export const nextBucket = (epochSeconds: number, span: TimeSpan, zone: Zone, origin = 0): number =>
  bucketsOf(span, zone, origin).next(epochSeconds)

/** The bucket `low <= value < high` that a number lies in; for log spans 0 is a bucket of its own, and negative ones mirror positive ones. */
export function numericBucket(value: number, span: NumericSpan): { readonly low: number; readonly high: number } {
  if (!Number.isFinite(value)) return { low: value, high: value }
  if (span.kind === 'log') return logBucket(value, span.coefficient, span.base)
  const scale = 10 ** span.decimals
  const width = Math.round(span.width * scale)
  const exact = (value * scale) / width
  const whole = Math.round(exact)
  // 0.57 * 100 is 56.99999999999999: a limit that was missed by the noise of a double counts as met.
  const index = Math.abs(exact - whole) < 1e-9 * Math.max(1, Math.abs(exact)) ? whole : Math.floor(exact)
  return { low: (index * width) / scale, high: ((index + 1) * width) / scale }
}

function logBucket(value: number, coefficient: number, base: number): { readonly low: number; readonly high: number } {
  if (value === 0) return { low: 0, high: 0 }
  const size = Math.abs(value)
  const limit = (n: number): number => coefficient * base ** n
  let n = Math.floor(Math.log(size / coefficient) / Math.log(base))
  while (limit(n + 1) <= size) n++
  while (limit(n) > size) n--
  return value > 0 ? { low: limit(n), high: limit(n + 1) } : { low: -limit(n + 1), high: -limit(n) }
}
