import { numberOf } from './number'

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A number as it is, a text read in a base. */
export const asNumber = (v: string | number, base: number): number => (typeof v === 'number' ? v : parseNumber(v, base))

/**
 * The number that a text is in a base from 2 to 36, or NaN; whole numbers only where the base is not 10. Blanks around it are not allowed.
 * @source Search Reference, Conversion functions, tonumber
 */
export function parseNumber(text: string, base: number): number {
  if (base === 10) return numberOf(text)
  const m = /^([+-]?)(0x(?=.))?([0-9a-z]+)$/i.exec(text)
  if (!m || base < 2 || base > 36 || (m[2] && base !== 16)) return Number.NaN
  let value = 0
  for (const c of m[3]!.toLowerCase()) {
    const digit = DIGITS.indexOf(c)
    if (digit >= base) return Number.NaN
    value = value * base + digit
  }
  return m[1] === '-' ? -value : value
}
