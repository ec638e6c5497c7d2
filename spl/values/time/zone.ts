import { BadTime } from './bad-time'
import { type Civil, civilOf, clockSeconds, DAY, toMicros } from './civil'
import { ZONE_ABBREVIATIONS } from './names'

/** A time zone; the machine's own zone plays no part. Epoch seconds are UTC. */
export interface Zone {
  readonly name: string
  /** Seconds east of UTC where they never change. */
  readonly fixed: number | undefined
  /** Seconds east of UTC. */
  offsetAt(epochSeconds: number): number
  abbreviationAt(epochSeconds: number): string
  toLocal(epochSeconds: number): Civil
  /** A time in a gap moves forward by the gap (02:30 → 03:30); of two instants it is the first. */
  fromLocal(civil: Civil): number
}

// Intl has no offset outside these years that could matter; beyond them the nearest one stands.
const EARLIEST = -62_000_000_000
const LATEST = 253_000_000_000
// No zone of the tz database has changed twice within four days, so one change per chunk describes it.
const CHUNK = 4 * DAY
const MOST_CHUNKS = 20_000

interface Chunk {
  readonly index: number
  readonly before: number
  readonly after: number
  /** First second of `after`. */
  readonly change: number
}

function zoneOf(name: string, fixed: number | undefined, offsetAt: (t: number) => number, abbreviationAt: (t: number) => string): Zone {
  return {
    name,
    fixed,
    offsetAt,
    abbreviationAt,
    toLocal(epochSeconds) {
      const micros = toMicros(epochSeconds)
      const whole = Math.floor(micros / 1e6)
      return civilOf(whole + offsetAt(whole), micros - whole * 1e6)
    },
    fromLocal: (civil) => (toEpoch(clockSeconds(civil), offsetAt) * 1e6 + civil.micros) / 1e6,
  }
}

function toEpoch(clock: number, offsetAt: (t: number) => number): number {
  const before = offsetAt(clock - DAY)
  const after = offsetAt(clock + DAY)
  if (before === after || offsetAt(clock - before) === before) return clock - before
  if (offsetAt(clock - after) === after) return clock - after
  return clock - before
}

function fixedZone(name: string, offset: number, abbreviation: string): Zone {
  return zoneOf(
    name,
    offset,
    () => offset,
    () => abbreviation,
  )
}

/** Looks offsets up in Intl once per chunk of days: asking it per row costs some microseconds each. */
function offsetsOf(timeZone: string): (epochSeconds: number) => number {
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const probe = (t: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of formatter.formatToParts(t * 1000)) part[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
    return clockSeconds({ year, month, day, hour, minute, second, micros: 0 }) - t
  }
  const known = new Map<number, Chunk>()
  let last: Chunk = { index: Number.NaN, before: 0, after: 0, change: 0 }
  return (epochSeconds) => {
    const t = epochSeconds > EARLIEST ? Math.min(epochSeconds, LATEST) : EARLIEST
    const index = Math.floor(t / CHUNK)
    if (index !== last.index) {
      last = known.get(index) ?? learn(index, probe)
      if (known.size >= MOST_CHUNKS) known.clear()
      known.set(index, last)
    }
    return t < last.change ? last.before : last.after
  }
}

function learn(index: number, probe: (t: number) => number): Chunk {
  let low = index * CHUNK
  let high = low + CHUNK
  const before = probe(low)
  const after = probe(high)
  if (before === after) return { index, before, after, change: Number.POSITIVE_INFINITY }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (probe(middle) === before) low = middle
    else high = middle
  }
  return { index, before, after, change: high }
}

// Each English locale of Intl names only the zones of its own region ("CEST" is en-GB, in en-US it is "GMT+2").
const LOCALES = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-HK', 'en-SG']

function abbreviationsOf(timeZone: string, offsetAt: (t: number) => number): (epochSeconds: number) => string {
  const known = new Map<number, string>()
  let formatters: Intl.DateTimeFormat[] | undefined
  const look = (t: number, offset: number): string => {
    formatters ??= LOCALES.map((locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }))
    for (const formatter of formatters) {
      const name = formatter.formatToParts(t * 1000).find((p) => p.type === 'timeZoneName')?.value
      if (name && /^[A-Z]{2,5}$/.test(name)) return name
    }
    return ZONE_ABBREVIATIONS[timeZone]?.[offset / 60] ?? numeric(offset)
  }
  return (epochSeconds) => {
    const t = epochSeconds > EARLIEST ? Math.min(epochSeconds, LATEST) : EARLIEST
    const offset = offsetAt(t)
    // The offset alone is no key: Lisbon's +1 was CET in some years and WEST in others.
    const key = Math.floor(t / CHUNK) * 200_000 + offset + 100_000
    let name = known.get(key)
    if (name === undefined) {
      name = look(t, offset)
      if (known.size >= MOST_CHUNKS) known.clear()
      known.set(key, name)
    }
    return name
  }
}

/** As the tz database abbreviates zones without letters: `+03`, `+0545`. */
function numeric(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60))
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0')
  return (offset < 0 ? '-' : '+') + hours + (minutes % 60 ? String(minutes % 60).padStart(2, '0') : '')
}

export const UTC: Zone = fixedZone('UTC', 0, 'UTC')

function makeZone(name: string): Zone | undefined {
  if (/^(utc|z|zulu|etc\/(utc|zulu|uct|universal))$/i.test(name)) return UTC
  const offset = /^([+-])(\d\d)(?::?([0-5]\d))?$/.exec(name)
  if (offset) {
    const seconds = (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 3600 + Number(offset[3] ?? 0) * 60)
    return Math.abs(seconds) < DAY ? fixedZone(name, seconds, numeric(seconds)) : undefined
  }
  try {
    const timeZone = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
    if (timeZone === 'UTC') return fixedZone(name, 0, /^(etc\/)?g/i.test(name) ? 'GMT' : 'UTC')
    const offsetAt = offsetsOf(timeZone)
    return zoneOf(name, undefined, offsetAt, abbreviationsOf(timeZone, offsetAt))
  } catch {
    return undefined
  }
}

const zones = new Map<string, Zone | null>()

/** The zone of that name (`America/New_York`, `UTC`, `+05:30`), if there is one. */
export function findZone(name: string): Zone | undefined {
  let known = zones.get(name)
  if (known === undefined) {
    known = makeZone(name) ?? null
    // Names come from data too (%Z), so the unknown ones must not pile up.
    if (zones.size >= 2000) zones.clear()
    zones.set(name, known)
  }
  return known ?? undefined
}

/** The zone of that name. @throws BadTime for an unknown one */
export function zone(name: string): Zone {
  const found = findZone(name)
  if (!found) throw new BadTime(`Unknown time zone '${name}'.`, 0)
  return found
}
