import { BadTime } from './bad-time'
import { type Civil, civilOf, clockSeconds, DAY, daysOf, midnight, mod, plusMonths, toMicros, weekdayOf } from './civil'
import { remembered } from './memo'
import { readTime } from './strptime'
import { FIXED_MICROS, UNIT_MONTHS, UNITS, type Unit } from './units'
import type { Zone } from './zone'

/** One step of a modifier, applied from left to right: an offset, or a snap down (`weekday` 0 = Sunday, for weeks). */
export type Move = { readonly add: number; readonly unit: Unit } | { readonly snap: Unit; readonly weekday: number }

/** What a time term says, before a clock is known. `realtime`: dispatch times of real-time searches. */
export type TimeTerm =
  | { readonly kind: 'epoch'; readonly seconds: number }
  | { readonly kind: 'relative' | 'realtime'; readonly moves: readonly Move[] }

/**
 * Which absolute forms are read beside modifiers, `now` and epoch numbers.
 * `search`: `%m/%d/%Y:%H:%M:%S`, as inline terms have it; `parameter`: also ISO 8601, as the API's parameters have it.
 */
export type TimeForms = 'relative' | 'search' | 'parameter'

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/
const INLINE = '%m/%d/%Y:%H:%M:%S'
const ANY_YEAR = { firstYear: 1970 }

/**
 * Reads a time modifier: `now`, an epoch number, or offsets and snaps as in `-1d@d+3h`; `rt…` is real time.
 * @throws BadTime  `at` is where the first part that was not understood begins
 * @source Search Manual, "Specify time modifiers in your search"
 */
export function readModifier(text: string): TimeTerm {
  const trimmed = text.trim()
  if (trimmed === 'now' || trimmed === 'now()') return { kind: 'relative', moves: [] }
  if (/^\d+(\.\d*)?$/.test(trimmed)) return { kind: 'epoch', seconds: Number(trimmed) }
  if (trimmed.startsWith('rt')) {
    const rest = trimmed.slice(2)
    return { kind: 'realtime', moves: rest === '' || rest === 'now' || rest === 'now()' ? [] : movesOf(rest) }
  }
  return { kind: 'relative', moves: movesOf(trimmed) }
}

const MOVE = /(?:([+-])(\d*)|(^\d+)|(@))([a-z]+)([0-7]?)/y

function movesOf(text: string): readonly Move[] {
  const moves: Move[] = []
  let at = 0
  while (at < text.length || at === 0) {
    MOVE.lastIndex = at
    const match = MOVE.exec(text)
    const move = match ? moveOf(match) : undefined
    if (!match || !move) throw new BadTime(`Cannot read the time '${text}' from '${text.slice(at)}' on.`, at)
    moves.push(move)
    at = MOVE.lastIndex
  }
  return moves
}

function moveOf([, sign, signed, bare, snap, name = '', digit]: RegExpExecArray): Move | undefined {
  const unit = UNITS.get(name)
  // Parts of a second are units of spans only.
  if (!unit || (FIXED_MICROS.get(unit) ?? 1e6) < 1e6) return undefined
  if (snap) return digit && name !== 'w' ? undefined : { snap: unit, weekday: Number(digit || 0) % 7 }
  const count = Number(signed || bare || 1)
  return digit || !Number.isSafeInteger(count) ? undefined : { add: sign === '-' ? -count : count, unit }
}

/** Applies the steps to a time; days and longer are counted on the zone's calendar. @returns epoch seconds */
export function moveTime(epochSeconds: number, moves: readonly Move[], zone: Zone): number {
  let t = epochSeconds
  for (const move of moves) t = 'snap' in move ? snapDown(t, move.snap, move.weekday, zone) : shift(t, move.add, move.unit, zone)
  return t
}

function shift(t: number, count: number, unit: Unit, zone: Zone): number {
  const micros = FIXED_MICROS.get(unit)
  if (micros) return (toMicros(t) + count * micros) / 1e6
  const local = zone.toLocal(t)
  const months = UNIT_MONTHS.get(unit)
  return zone.fromLocal(months ? plusMonths(local, count * months) : plusDays(local, unit === 'w' ? count * 7 : count))
}

const plusDays = (c: Civil, count: number): Civil => civilOf(clockSeconds(c) + count * DAY, c.micros)

function snapDown(t: number, unit: Unit, weekday: number, zone: Zone): number {
  const micros = FIXED_MICROS.get(unit)
  if (micros) {
    const whole = Math.floor(toMicros(t) / 1e6)
    // By the local clock: the hour of a zone at +05:30 begins at half past.
    return whole - mod(whole + zone.offsetAt(whole), micros / 1e6)
  }
  const local = zone.toLocal(t)
  const days = daysOf(local.year, local.month, local.day)
  const months = UNIT_MONTHS.get(unit)
  if (months) return zone.fromLocal(midnight(daysOf(local.year, local.month - ((local.month - 1) % months), 1)))
  return zone.fromLocal(midnight(unit === 'w' ? days - mod(weekdayOf(days) - weekday, 7) : days))
}

function absolute(text: string, zone: Zone, forms: 'search' | 'parameter'): number | undefined {
  if (!/^\d+[/-]/.test(text)) return undefined
  const inline = readTime(text, INLINE, zone, ANY_YEAR)
  if (inline?.end === text.length) return inline.seconds
  const iso = forms === 'parameter' ? ISO.exec(text) : null
  if (!iso) return undefined
  const [, date, clock, fraction = '0', offset] = iso
  return readTime(`${date} ${clock}.${fraction}${offset ?? ''}`, offset ? '%F %T.%N%z' : '%F %T.%N', zone, ANY_YEAR)?.seconds
}

const known = remembered((text: string) => readModifier(text))

/**
 * Resolves a time term such as `-1d@d`, `@w1+8h`, `now`, `0` or `1521467703.049`.
 * @param now  epoch seconds
 * @returns epoch seconds
 * @throws BadTime for a bad term, and with kind `realtime` for a term of real time
 */
export function resolveTime(text: string, now: number, zone: Zone, forms: TimeForms = 'relative'): number {
  const fixed = forms === 'relative' ? undefined : absolute(text.trim(), zone, forms)
  if (fixed !== undefined) return fixed
  const term = known(text)
  if (term.kind === 'realtime') throw new BadTime(`The time '${text}' is one of real time.`, 0, 'realtime')
  const seconds = term.kind === 'epoch' ? term.seconds : moveTime(now, term.moves, zone)
  if (!Number.isFinite(seconds)) throw new BadTime(`The time '${text}' is out of range.`, 0)
  return seconds
}
