/** The forms of a number that `tostring` has a name for. */

import { roundHalfUp } from './number'

const grouped = (digits: string) => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')
const sign = (x: number) => (x < 0 ? '-' : '')

/** `12,345.68`: two decimals where there is a fraction, none else. */
function commas(x: number): string {
  const size = Math.abs(x)
  if (Number.isInteger(x)) return sign(x) + grouped(size.toFixed(0))
  const [whole, fraction] = Math.abs(roundHalfUp(x, 2)).toFixed(2).split('.')
  return `${sign(x)}${grouped(whole!)}.${fraction}`
}

/** `HH:MM:SS` of seconds, `D+HH:MM:SS` from a day on, with six decimals where there is a fraction. */
function duration(x: number): string {
  const micros = Math.round(Math.abs(x) * 1e6)
  const seconds = Math.floor(micros / 1e6)
  const two = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  const fraction = micros % 1e6
  return `${sign(x)}${days ? `${days}+` : ''}${clock}${fraction ? `.${String(fraction).padStart(6, '0')}` : ''}`
}

const inBase = (x: number, base: number) => Math.trunc(Math.abs(x)).toString(base)

/** @source Search Reference, Conversion functions, tostring */
export const NUMBER_FORMATS: ReadonlyMap<string, (x: number) => string> = new Map([
  ['hex', (x: number) => `${sign(x)}0x${inBase(x, 16).toUpperCase()}`],
  ['binary', (x: number) => sign(x) + inBase(x, 2)],
  ['commas', commas],
  ['duration', duration],
])
