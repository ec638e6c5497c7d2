import { numberOf } from '../values/number'
import { strftime } from '../values/time/strftime'
import { strptime } from '../values/time/strptime'
import type { Zone } from '../values/time/zone'
import type { Value } from '../values/value'

/** What a conversion may need beside the text. */
export interface ConversionContext {
  readonly timeFormat: string
  readonly zone: Zone
  readonly now: number
}

/** From a text to its conversion; null where it cannot be converted and the value goes. */
type Conversion = (text: string, context: ConversionContext) => Value

const orNull = (x: number): number | null => (x === x ? x : null)

/** `[D+]HH:MM:SS` */
function duration(text: string): number {
  const m = /^(?:(\d+)\+)?(\d+):(\d\d?):(\d\d?(?:\.\d+)?)$/.exec(text)
  return m ? ((Number(m[1] ?? 0) * 24 + Number(m[2])) * 60 + Number(m[3])) * 60 + Number(m[4]) : Number.NaN
}

function numberOrDuration(text: string): number {
  const x = numberOf(text)
  return x === x ? x : duration(text)
}

const KILOBYTES: Readonly<Record<string, number>> = { k: 1, m: 1024, g: 1024 * 1024 }

function memory(text: string): number {
  const m = /^([+-]?\d+(?:\.\d+)?)\s*([kmg])?b?$/i.exec(text)
  return m ? Number(m[1]) * KILOBYTES[(m[2] ?? 'k').toLowerCase()]! : Number.NaN
}

/** `[MM:]SS.SSS` */
function minutes(text: string): number {
  const m = /^(?:(\d+):)?(\d+(?:\.\d+)?)$/.exec(text)
  return m ? Number(m[1] ?? 0) * 60 + Number(m[2]) : Number.NaN
}

/** @source Search Reference 9.x, convert, "Convert functions"; searchbnf.conf, convert */
export const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  auto: (t) => orNull(numberOrDuration(t)),
  num: (t) => orNull(numberOrDuration(t)),
  ctime: (t, c) => {
    const x = numberOf(t)
    return x === x ? strftime(x, c.timeFormat, c.zone) : t
  },
  mktime: (t, c) => strptime(t, c.timeFormat, c.zone, c.now),
  dur2sec: (t) => orNull(duration(t)),
  mstime: (t) => orNull(minutes(t)),
  memk: (t) => orNull(memory(t)),
  rmcomma: (t) => t.replace(/,/g, ''),
  rmunit: (t) => /^\s*([+-]?\d+(?:\.\d+)?)/.exec(t)?.[1] ?? t,
  none: (t) => t,
}
