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
