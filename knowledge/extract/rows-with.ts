import type { RawRows } from './raw-rows'

/** Below this share of the rows each row is looked at by itself: a search through the block would read what nobody wants. */
export const SPARSE = 1 / 4

/** Those of the rows, ascending, in which one of the texts stands. */
export function rowsWith(raw: RawRows, rows: Uint32Array, needles: readonly Buffer[]): Uint32Array {
  const sparse = rows.length < raw.rows * SPARSE
  const tests = needles.map((n) => (sparse ? rowTest : blockTest)(raw, n))
  return rows.filter((row) => tests.some((test) => test(row)))
}

type RowTest = (row: number) => boolean

function rowTest({ data, offsets }: RawRows, needle: Buffer): RowTest {
  return (row) => data.subarray(offsets[row], offsets[row + 1]).includes(needle)
}

function blockTest({ data, offsets }: RawRows, needle: Buffer): RowTest {
  /** Where it stands next, from the row on that was asked for last. */
  let next = -1
  return (row) => {
    const start = offsets[row]!
    if (next < start) {
      const at = data.indexOf(needle, start)
      next = at < 0 ? data.length : at
    }
    return next + needle.length <= offsets[row + 1]!
  }
}
