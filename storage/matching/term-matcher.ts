import type { RowSegmentation } from '../../spl/batch/batch'
import { ByteCodes } from '../../spl/segments/breakers'
import { bordered, holdsTerm, type TermPattern, type TermTest } from '../../spl/segments/terms'
import type { BlockText, Run } from './block-text'

/** 1 for each row that matches. */
export type Mask = Uint8Array

/** Below this share of the rows they are looked at by themselves: to fold the whole block costs more than to copy them. */
const SPARSE = 1 / 2

/** A keyword, phrase or TERM() tested on the bytes of a whole block; agrees with `TermTest.test` on each event's text. */
export type Matcher = (block: BlockText, among?: Mask) => Mask

/** The matcher may be given rows among which all that match are. */
export function matcherOf(t: TermTest): Matcher {
  const whole = wholeMatcher(t)
  return (block, among) => {
    const rows = among && rowsIn(among)
    if (!rows || rows.length > block.rows * SPARSE) return whole(block)
    const part = whole(block.only(rows))
    const mask = new Uint8Array(block.rows)
    for (let i = 0; i < rows.length; i++) mask[rows[i]!] = part[i]!
    return mask
  }
}
function rowsIn(mask: Mask): Uint32Array {
  const rows = new Uint32Array(mask.length)
  let n = 0
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1) rows[n++] = row
  return rows.subarray(0, n)
}

function wholeMatcher(t: TermTest): (block: BlockText) => Mask {
  if (t.never) return (block) => new Uint8Array(block.rows)
  const pieces = t.literal.map((p) => Buffer.from(p))
  const patterns = t.terms.map(searchable)
  const inFull = (block: BlockText) => {
    const run = t.exactCase ? block.raw : block.folded
    if (pieces.length > 0) return narrowed(rowsWithPieces(run, pieces), run, patterns)
    if (patterns.length === 0) return new Uint8Array(block.rows).fill(1)
    return narrowed(rowsWithTerm(run, patterns[0]!), run, patterns.slice(1))
  }
  return (block) => (block.segmentation ? eachAsCut(block, block.segmentation, t) : inFull(block))
}

/** Events that were not cut in full are few: they are tested as texts, one by one. */
function eachAsCut({ raw: { data, offsets }, rows }: BlockText, how: RowSegmentation, t: TermTest): Mask {
  return Uint8Array.from({ length: rows }, (_, row) => (t.testAs(how(row), data.toString('utf8', offsets[row], offsets[row + 1])) ? 1 : 0))
}

/** A pattern and the bytes to look for: its only part, or the longest of several. */
interface Searchable {
  readonly pattern: TermPattern
  readonly needle: Buffer
}
function searchable(pattern: TermPattern): Searchable {
  const longest = pattern.parts.reduce((a, b) => (b.length > a.length ? b : a), '')
  return { pattern, needle: Buffer.from(longest) }
}

function narrowed(mask: Mask, run: Run, patterns: readonly Searchable[]): Mask {
  for (let row = 0; row < mask.length; row++) if (mask[row] === 1 && !patterns.every((p) => rowHolds(run, row, p))) mask[row] = 0
  return mask
}

const codes = new ByteCodes()
function look(run: Run, row: number): void {
  codes.data = run.data
  codes.start = run.offsets[row]!
  codes.end = run.offsets[row + 1]!
}

/** Whether the occurrence at `at` makes its row hold the pattern. */
function settles(run: Run, row: number, { pattern, needle }: Searchable, at: number): boolean {
  look(run, row)
  if (pattern.by !== 'terms') return bordered(codes, pattern, at, at + needle.length)
  return holdsTerm(run.text(row), pattern)
}

/** Searches the whole run at once; a row that is settled is left at its first occurrence. */
function rowsWithTerm(run: Run, s: Searchable): Mask {
  return eachOccurrence(run, s.needle, (row, at) => {
    if (settles(run, row, s, at)) return true
    // Among the terms of a row one look is enough, whatever it said.
    return s.pattern.by === 'terms' ? undefined : false
  })
}

/** @param test true: the row matches; false: look at its next occurrence; undefined: the row does not match */
function eachOccurrence(run: Run, needle: Buffer, test: (row: number, at: number) => boolean | undefined): Mask {
  const { offsets } = run
  const rows = offsets.length - 1
  const end = offsets[rows]!
  const mask = new Uint8Array(rows)
  let row = 0
  for (let at = run.find(needle, 0, end); at >= 0 && row < rows; ) {
    while (row < rows && offsets[row + 1]! <= at) row++
    if (row === rows) break
    const verdict = at + needle.length <= offsets[row + 1]! ? test(row, at) : undefined
    if (verdict) mask[row] = 1
    at = run.find(needle, verdict === false ? at + 1 : offsets[row + 1]!, end)
  }
  return mask
}

function rowsWithPieces(run: Run, pieces: readonly Buffer[]): Mask {
  const [first, ...rest] = pieces
  return eachOccurrence(run, first!, (row, at) => {
    if (rest.length === 0) return true
    return followOneAnother(run, rest, at + first!.length, run.offsets[row + 1]!) ? true : undefined
  })
}

function followOneAnother(run: Run, pieces: readonly Buffer[], from: number, to: number): boolean {
  let at = from
  for (const piece of pieces) {
    const found = run.find(piece, at, to)
    if (found < 0) return false
    at = found + piece.length
  }
  return true
}

/** One row; the search is bounded by the event. */
function rowHolds(run: Run, row: number, s: Searchable): boolean {
  const end = run.offsets[row + 1]!
  for (let at = run.find(s.needle, run.offsets[row]!, end); at >= 0; at = run.find(s.needle, at + 1, end)) {
    if (settles(run, row, s, at)) return true
    if (s.pattern.by === 'terms') return false
  }
  return false
}
