type Numbers = readonly number[] | null

/** Sum and count of all numbers of several values; null where there is none. */
export function total(first: Numbers, more: readonly Numbers[]): { readonly sum: number; readonly count: number } | null {
  let sum = 0
  let count = 0
  for (const numbers of [first, ...more]) {
    for (const x of numbers ?? []) {
      sum += x
      count++
    }
  }
  return count === 0 ? null : { sum, count }
}
