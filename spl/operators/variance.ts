import { sum } from './cells'
import type { NumberCell } from './number-cell'

/**
 * The variance from running sums, in the order of operations that gives the last digits of the documented examples; a single value has 0.
 * @source Search Reference, stdev and var
 */
export function variance(n: number, total: number, squares: number, population: boolean): number | null {
  if (n === 0) return null
  if (n === 1) return 0
  const mean = total / n
  return Math.max(0, (squares - n * mean * mean) / (population ? n : n - 1))
}

export const root = (x: number | null): number | null => (x === null ? null : Math.sqrt(x))

/** What the statistics of spread keep: how many numbers, their sum, and the sum of their squares. */
export const moments = { n: sum, total: sum, squares: sum }
type Moments = { readonly [K in keyof typeof moments]: NumberCell }

export function addMoments(c: Moments, groups: Int32Array, x: Float64Array, n: number): void {
  const count = c.n.of
  const total = c.total.of
  const squares = c.squares.of
  for (let i = 0; i < n; i++) {
    const g = groups[i]!
    const v = x[i]!
    count[g]!++
    total[g]! += v
    squares[g]! += v * v
  }
}

/** The variance of a group. */
export const varianceOf = (c: Moments, group: number, population: boolean): number | null =>
  variance(c.n.of[group]!, c.total.of[group]!, c.squares.of[group]!, population)
