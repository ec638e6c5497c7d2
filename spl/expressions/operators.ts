/** What the binary operators do with two values. */
import { compareTexts } from '../values/compare'
import { digitsOf, EXACT, numberOf, numberText, placesFor } from '../values/number'
import { matchParts } from '../values/wildcard'
import type { Scalar } from './compiled'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

const TESTS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  '=': (o) => o === 0,
  '!=': (o) => o !== 0,
  '<': (o) => o < 0,
  '<=': (o) => o <= 0,
  '>': (o) => o > 0,
  '>=': (o) => o >= 0,
}

/**
 * Compares two values: false where either is null; by number where both are numeric; else as text, with case. With a multivalue it is
 * true where some value satisfies it.
 * @param asText  a text literal on one side makes it a comparison of texts
 */
export function compareValues(op: Comparison, a: Scalar, b: Scalar, asText: boolean): boolean {
  if (a === null || b === null) return false
  if (typeof a === 'object') return a.some((x) => compareValues(op, x, b, asText))
  if (typeof b === 'object') return b.some((x) => compareValues(op, a, x, asText))
  if (typeof a === 'boolean' || typeof b === 'boolean') return TESTS[op](a === b ? 0 : 1)
  return TESTS[op](asText ? compareTexts(scalarText(a), scalarText(b)) : orderOf(a, b))
}

/** By number where both are, else as texts. */
function orderOf(a: string | number, b: string | number): number {
  const x = typeof a === 'number' ? a : numberOf(a)
  const y = typeof b === 'number' ? b : numberOf(b)
  if (x !== x || y !== y) return compareTexts(scalarText(a), scalarText(b))
  return x === y ? 0 : x - y
}

const scalarText = (v: string | number) => (typeof v === 'number' ? numberText(v, EXACT) : v)

/** A `like` pattern as a test: `%` any run, `_` one character, the whole value, with case. */
export function likeTest(pattern: string): (text: string) => boolean {
  const known = likes.get(pattern)
  if (known) return known
  if (likes.size > 1000) likes.clear()
  const parts = pattern.split(/%+/)
  const test = pattern.includes('_')
    ? (text: string) => fits(pattern, text)
    : parts.length === 1
      ? (text: string) => text === pattern
      : (text: string) => matchParts(parts, text)
  likes.set(pattern, test)
  return test
}
/** Goes back to the last `%` only: a RegExp with many of them takes minutes where there is no match. */
function fits(pattern: string, text: string): boolean {
  let p = 0
  let at = 0
  let run = -1
  let from = 0
  while (at < text.length) {
    if (pattern[p] === '%') {
      run = p++
      from = at
    } else if (p < pattern.length && (pattern[p] === '_' || pattern[p] === text[at])) {
      p++
      at++
    } else if (run < 0) return false
    else {
      p = run + 1
      at = ++from
    }
  }
  while (pattern[p] === '%') p++
  return p === pattern.length
}
const likes = new Map<string, (text: string) => boolean>()

export type Arithmetic = '+' | '-' | '*' | '/' | '%'
const COMPUTE: Readonly<Record<Arithmetic, (x: number, y: number) => number>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '%': (x, y) => x % y,
}
export const compute = (op: Arithmetic) => COMPUTE[op]

/** The decimal place of a result: `+` and `-` keep the least decimals, the others the least significant digits. */
export function resultPlaces(
  op: Arithmetic,
  result: number,
  x: readonly [value: number, places: number],
  y: readonly [value: number, places: number],
): number {
  if (x[1] === EXACT && y[1] === EXACT) return EXACT
  if (op === '+' || op === '-') return Math.min(x[1], y[1])
  return placesFor(result, Math.min(digitsOf(x[0], x[1]), digitsOf(y[0], y[1])))
}
