import { FIXED_MICROS, UNIT_MONTHS, UNITS, type Unit } from './units'

/**
 * A bucket width for times: of fixed length, or counted on the calendar (so `24h` is not `1d`).
 * Months carry quarters and years; `firstDay` 0 = Sunday.
 */
export type TimeSpan =
  | { readonly kind: 'fixed'; readonly micros: number }
  | { readonly kind: 'days'; readonly count: number }
  | { readonly kind: 'weeks'; readonly count: number; readonly firstDay: number }
  | { readonly kind: 'months'; readonly count: number }

/** A bucket width for numbers; `decimals` is how many the width was written with. Log limits are `coefficient * base^n`. */
export type NumericSpan =
  | { readonly kind: 'number'; readonly width: number; readonly decimals: number }
  | { readonly kind: 'log'; readonly coefficient: number; readonly base: number }

export type Span = TimeSpan | NumericSpan

/** A span that is well formed but not allowed; what is not well formed is `undefined` instead. */
export class BadSpan extends Error {
  override readonly name = 'BadSpan'
  constructor(
    readonly reason: 'not-positive' | 'subsecond' | 'log',
    message: string,
  ) {
    super(message)
  }
}

const TIME = /^(\d+)([a-z]+)$/
const SNAPPED = /^\+?(\d*)([a-z]+)@(w(?:eeks?)?)([0-7]?)$/
const NUMBER = /^[+-]?(?:\d+(?:\.(\d{0,15}))?|\.(\d{1,15}))$/
const LOG = /^(\d*(?:\.\d+)?)log(\d*(?:\.\d+)?)$/
const MOST = 1e9

/**
 * Reads any span: `5m`, `1mon`, `w@w1`, `500ms`, `10`, `0.5`, `log2`, `2log5`. A plain number is one of kind `number`.
 * @throws BadSpan  for zero or less, parts of a second that do not divide it, bad log forms
 * @source Search Reference, bin and timechart, "span"
 */
export function parseSpan(text: string): Span | undefined {
  const typed = text.trim()
  return TIME.test(typed) || SNAPPED.test(typed) ? timeSpan(typed) : numericSpan(typed)
}

/** A span for a time field, where a whole number without a unit is seconds. @throws BadSpan as `parseSpan` */
export function timeSpan(text: string): TimeSpan | undefined {
  const typed = text.trim()
  const snapped = SNAPPED.exec(typed)
  // Snapping is documented for weeks only.
  if (snapped) return UNITS.get(snapped[2]!) === 'w' ? ofUnit(typed, Number(snapped[1] || 1), 'w', Number(snapped[4] || 0) % 7) : undefined
  const timed = TIME.exec(typed)
  const unit = timed ? UNITS.get(timed[2]!) : 's'
  const figures = timed?.[1] ?? (/^[+-]?\d+$/.test(typed) ? typed : undefined)
  // A week without a first day begins on Sunday, as `@w` does; where Splunk begins it is not documented.
  return unit && figures !== undefined ? ofUnit(typed, Number(figures), unit, 0) : undefined
}

function ofUnit(text: string, count: number, unit: Unit, firstDay: number): TimeSpan | undefined {
  if (count <= 0) throw notPositive(text)
  if (count > MOST) return undefined
  const micros = FIXED_MICROS.get(unit)
  if (micros !== undefined) return { kind: 'fixed', micros: micros < 1e6 ? subsecond(text, count * micros) : count * micros }
  if (unit === 'd') return { kind: 'days', count }
  if (unit === 'w') return { kind: 'weeks', count, firstDay }
  return { kind: 'months', count: count * UNIT_MONTHS.get(unit)! }
}

function subsecond(text: string, micros: number): number {
  if (micros < 1e6 && 1e6 % micros === 0) return micros
  throw new BadSpan(
    'subsecond',
    `The span '${text}' is invalid. A span of parts of a second must be < 1 second and divide 1 second evenly.`,
  )
}

const notPositive = (text: string) => new BadSpan('not-positive', `The numerical span '${text}' is invalid. It must be > 0.`)

/** A span for a field of numbers: `10`, `0.5`, `log`, `log2`, `2log5`. @throws BadSpan as `parseSpan` */
export function numericSpan(text: string): NumericSpan | undefined {
  const typed = text.trim()
  const log = LOG.exec(typed)
  if (log) return logSpan(typed, Number(log[1] || 1), Number(log[2] || 10))
  const plain = NUMBER.exec(typed)
  const width = Number(typed)
  if (!plain || !Number.isFinite(width)) return undefined
  if (width <= 0) throw notPositive(typed)
  return { kind: 'number', width, decimals: (plain[1] ?? plain[2] ?? '').length }
}

function logSpan(text: string, coefficient: number, base: number): NumericSpan {
  if (base > 1 && coefficient >= 1 && coefficient < base) return { kind: 'log', coefficient, base }
  throw new BadSpan('log', `The log span '${text}' is invalid. The base must be > 1, and the coefficient >= 1 and < the base.`)
}

/** Length in seconds; days of 24 hours, months of 30 days, years of 365. */
export function nominalSeconds(span: TimeSpan): number {
  if (span.kind === 'fixed') return span.micros / 1e6
  if (span.kind === 'days') return span.count * 86_400
  if (span.kind === 'weeks') return span.count * 604_800
  return (span.count % 12 === 0 ? (span.count / 12) * 365 : span.count * 30) * 86_400
}

const seconds = (count: number): TimeSpan => ({ kind: 'fixed', micros: count * 1e6 })
const LADDER: readonly TimeSpan[] = [
  ...[1, 5, 10, 30, 60, 300, 600, 1800, 3600].map(seconds),
  { kind: 'days', count: 1 },
  { kind: 'months', count: 1 },
]

/**
 * The span for a range of times where none was asked for: the least of 1s … 1h, 1d, 1mon that gives at most `bins` buckets.
 * @param minspan  the answer is the first of these that is no shorter; `minspan` itself where all are shorter
 * @source Search Reference, timechart, "Default time spans" and "Spans used when minspan is specified"
 */
export function autoSpan(lowSeconds: number, highSeconds: number, bins: number, minspan?: TimeSpan): TimeSpan {
  const least = minspan ? nominalSeconds(minspan) : 0
  const allowed = LADDER.filter((span) => nominalSeconds(span) >= least)
  const range = Math.max(0, highSeconds - lowSeconds)
  return allowed.find((span) => Math.ceil(range / nominalSeconds(span)) <= bins) ?? allowed.at(-1) ?? minspan ?? LADDER.at(-1)!
}
