/**
 * Numbers and their precision. A number carries the decimal place of its last known digit (`0.20` → 2, `1.00*1111` → −1);
 * integers and `exact()` have none. Bodies compute with plain doubles; rounding happens when a number becomes text.
 * @source Search Reference, eval, "Precision" examples
 */
export const EXACT = 127

const NUMERIC = /^[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE][+-]?\d+)?$/

/** The number that a text is, or NaN: no blanks, separators, hexadecimal. */
export function numberOf(text: string): number {
  const c = text.charCodeAt(0)
  // Most texts are no numbers, and the first character tells: digits, sign, point.
  if (!((c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46)) return Number.NaN
  return NUMERIC.test(text) ? Number(text) : Number.NaN
}

/** The place that a numeric text is written with; EXACT for integers and exponents. */
export function placesOf(text: string): number {
  const m = NUMERIC.exec(text)
  const decimals = m?.[1] ?? m?.[2]
  return decimals && !/[eE]/.test(text) ? Math.min(126, decimals.length) : EXACT
}

const magnitude = (x: number) => (x === 0 ? 0 : Math.floor(Math.log10(Math.abs(x))))

/** Significant digits of `x` known down to `places`. */
export const digitsOf = (x: number, places: number): number => (places === EXACT ? Number.POSITIVE_INFINITY : places + 1 + magnitude(x))

/** The place of the last of `digits` significant digits of `x`. */
export const placesFor = (x: number, digits: number): number =>
  digits === Number.POSITIVE_INFINITY ? EXACT : Math.max(-126, Math.min(126, digits - 1 - magnitude(x)))

/** Rounds at a decimal place, halves toward +∞ (`round(-4.5)` is −4), on the decimal digits of the double as it prints. */
export function roundHalfUp(x: number, places: number): number {
  if (!Number.isFinite(x) || places >= 100) return x
  if (Number.isInteger(x) && places >= 0) return x
  return roundFast(x, places) ?? roundDigits(x, places)
}

const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i)

/** Where the digits past the place are plainly no half, the product's own error does not matter, and the quotient of two whole numbers is the nearest double. */
function roundFast(x: number, places: number): number | undefined {
  const power = POWERS[places]
  if (power === undefined) return undefined
  const scaled = x * power
  const below = Math.floor(scaled)
  const past = scaled - below
  if (Math.abs(scaled) > 1e9 || Math.abs(past - 0.5) < 1e-6) return undefined
  return (past > 0.5 ? below + 1 : below) / power
}

function roundDigits(x: number, places: number): number {
  // Shifting by the exponent of the printed form avoids the error of multiplying (1.005 * 100 = 100.49999999999999).
  const shifted = shift(x, places)
  return shift(Math.floor(shifted + 0.5), -places)
}

function shift(x: number, by: number): number {
  const [mantissa, exponent] = String(x).split('e')
  return Number(`${mantissa}e${Number(exponent ?? 0) + by}`)
}

/** A number as Splunk prints it, rounded at its place; never left of the point, with trailing zeros. */
export function numberText(x: number, places: number): string {
  if (Number.isNaN(x)) return 'nan'
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf'
  if (places === EXACT) return Number.isInteger(x) && Math.abs(x) < 1e21 ? integerText(x) : String(x)
  const p = Math.min(100, Math.max(0, places))
  return roundHalfUp(x, p)
    .toFixed(p)
    .replace(/^-(0(?:\.0+)?)$/, '$1')
}

const integerText = (x: number) => (x === 0 ? '0' : x.toFixed(0))
