/** Linear interpolation between the closest ranks. @param x ascending @param percent 0 … below 100 */
export function percentile(x: Float64Array, percent: number): number | null {
  if (x.length === 0) return null
  const at = ((x.length - 1) * percent) / 100
  const low = Math.floor(at)
  const a = x[low]!
  const b = x[Math.min(low + 1, x.length - 1)]!
  return a + (b - a) * (at - low)
}

/** The number at the nearest rank. */
export function nearestRank(x: Float64Array, percent: number): number | null {
  return x.length === 0 ? null : x[Math.max(0, Math.ceil((percent / 100) * x.length) - 1)]!
}

/** The middle; of an even count the mean of the pair, an exact .5 of whole numbers rounded up. @source measured: 1,2 → 2; 1.2,1.4 → 1.3 */
export function median(x: Float64Array): number | null {
  if (x.length === 0) return null
  const m = x.length >> 1
  if (x.length % 2 === 1) return x[m]!
  const [a, b] = [x[m - 1]!, x[m]!]
  const mean = (a + b) / 2
  return Number.isInteger(a) && Number.isInteger(b) ? Math.ceil(mean) : mean
}
