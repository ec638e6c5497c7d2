let numbers = new Uint32Array(0)

/** 0 … n − 1. Read only: it is shared. */
export function rowNumbers(n: number): Uint32Array {
  if (numbers.length < n) {
    numbers = new Uint32Array(Math.max(n, 2 * numbers.length, 4096))
    for (let i = 0; i < numbers.length; i++) numbers[i] = i
  }
  return numbers.subarray(0, n)
}
