/** All bits that a number may have. */
export const ALL = Number.MAX_SAFE_INTEGER
const MASK = BigInt(ALL)

/** Combines numbers bit by bit; null where one is negative or needs more than 53 bits. @source Search Reference, Bitwise functions */
export function bitwise(numbers: readonly number[], combine: (a: bigint, b: bigint) => bigint): number | null {
  if (numbers.some((x) => !(x >= 0 && x <= ALL))) return null
  return Number(numbers.map((x) => BigInt(x)).reduce(combine) & MASK)
}
