import type { Ranked } from './numbers-cell'

/** The number at a place among all of them, counted from 0. */
function at({ x, upTo }: Ranked, place: number): number {
  let low = 0
  let high = x.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo[middle]! > place) high = middle
    else low = middle + 1
  }
  return x[low]!
}
const count = ({ upTo }: Ranked): number => upTo.at(-1) ?? 0

/** Linear interpolation between the closest ranks; null where there is no number. @param percent 0 … below 100 */
export function percentile(r: Ranked, percent: number): number | null {
  const n = count(r)
  if (n === 0) return null
  const place = ((n - 1) * percent) / 100
  const low = Math.floor(place)
  const a = at(r, low)
  return a + (at(r, Math.min(low + 1, n - 1)) - a) * (place - low)
}

/** The number at the nearest rank. */
export function nearestRank(r: Ranked, percent: number): number | null {
  const n = count(r)
  return n === 0 ? null : at(r, Math.max(0, Math.ceil((percent / 100) * n) - 1))
}

/** The middle; of an even count the mean of the pair, with an exact .5 rounded up. @source measured: 1,2 → 2; 1,2,3,4 → 3; 1.2,1.4 → 1.3 */
export function median(r: Ranked): number | null {
  const n = count(r)
  if (n === 0) return null
  if (n % 2 === 1) return at(r, n >> 1)
  // Rounded to the digits that a double is sure of: the mean of 1.2 and 1.4 is 1.3.
  const mean = Number(((at(r, n / 2 - 1) + at(r, n / 2)) / 2).toPrecision(15))
  return Number.isInteger(mean * 2) ? Math.ceil(mean) : mean
}
