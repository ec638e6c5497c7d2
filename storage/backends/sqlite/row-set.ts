import { MAX_ROWS } from '../../../spl/segments/term-set'

/**
 * Rows of a block (at most 256) in few bytes: a first byte says how they are written. 0: all of them · 1–31: a list of so many · 32–63: all
 * but a list of so many, less 32 · 64: a bit each. Never give a first byte a new meaning.
 */
const ALL = 0
const ALL_BUT = 32
const BITS = 64
const BIT_BYTES = MAX_ROWS / 8

export const setBit = (bits: Uint32Array, row: number) => ((bits[row >> 5]! >>> (row & 31)) & 1) === 1

/** Writes a set of `count` of `rows` rows; answers where it ends. */
export function writeRows(out: Uint8Array, at: number, bits: Uint32Array, { rows, count }: { rows: number; count: number }): number {
  if (count === rows) {
    out[at++] = ALL
    return at
  }
  const few = count < 32
  if (!few && rows - count >= 32) {
    out[at++] = BITS
    for (let i = 0; i < BIT_BYTES; i++) out[at++] = bits[i >> 2]! >>> ((i & 3) * 8)
    return at
  }
  out[at++] = few ? count : ALL_BUT + rows - count
  for (let row = 0; row < rows; row++) if (setBit(bits, row) === few) out[at++] = row
  return at
}

/** Bytes of the set that begins at `at`. */
export function lengthOfRows(data: Uint8Array, at: number): number {
  const kind = data[at]!
  return 1 + (kind === BITS ? BIT_BYTES : kind & 31)
}

/** A byte for each of `rows` rows, 1 where it is in the set. */
export function readRows(data: Uint8Array, at: number, rows: number): Uint8Array {
  const kind = data[at]!
  const mask = new Uint8Array(rows)
  if (kind === BITS) {
    for (let row = 0; row < rows; row++) mask[row] = (data[at + 1 + (row >> 3)]! >>> (row & 7)) & 1
    return mask
  }
  const list = data.subarray(at + 1, at + lengthOfRows(data, at))
  const few = kind > ALL && kind < ALL_BUT
  if (!few) mask.fill(1)
  for (const row of list) mask[row] = few ? 1 : 0
  return mask
}
