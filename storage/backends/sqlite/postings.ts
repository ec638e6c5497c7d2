import type { TermSet } from '../../../spl/segments/term-set'
import type { Connection } from './connection'
import { lengthOfRows, writeRows } from './row-set'

/**
 * Postings: which events of a block hold a term, for terms that stand in several of them. They are kept by term, so that a term of many
 * blocks is read in one go, and say for each event what else its text would have to be decompressed for. Rarer terms have none: their text
 * is looked at, in as many blocks as there are events at most.
 */

/** Terms longer than this have none: they are seldom frequent, and one byte tells the length. */
const LONGEST = 255

/** Postings of one block: for each term its length, its bytes, its rows. @param least events that a term must stand in */
export function packPostings(terms: Pick<TermSet, 'postings'>, rows: number, least: number): Buffer {
  let out = Buffer.allocUnsafe(1 << 14)
  let at = 0
  terms.postings(least, (term, count, bits) => {
    if (term.length > LONGEST) return
    if (at + term.length + 64 > out.length) {
      const longer = Buffer.allocUnsafe(out.length * 2)
      out.copy(longer)
      out = longer
    }
    out[at++] = term.length
    out.set(term, at)
    at = writeRows(out, at + term.length, bits, { rows, count })
  })
  return out.subarray(0, at)
}

interface Gathered {
  readonly first: number
  last: number
  readonly parts: Buffer[]
}
const INSERT_AT_ONCE = 32
const inserting = (rows: number) => `INSERT INTO post VALUES ${Array.from({ length: rows }, () => '(?,?,?)').join(',')}`
const INSERT_MANY = inserting(INSERT_AT_ONCE)
const INSERT_ONE = inserting(1)

/** Gathers the postings of the blocks of one transaction, so that a term takes one row for all of them. */
export class PostingsWriter {
  private readonly terms = new Map<string, Gathered>()

  /** Blocks come in the order of their numbers. */
  add(block: number, postings: Buffer): void {
    for (let at = 0; at < postings.length; ) {
      const end = at + 1 + postings[at]!
      const term = postings.toString('utf8', at + 1, end)
      at = end + lengthOfRows(postings, end)
      const rows = postings.subarray(end, at)
      const known = this.terms.get(term)
      if (!known) this.terms.set(term, { first: block, last: block, parts: [step(0), rows] })
      else {
        known.parts.push(step(block - known.last), rows)
        known.last = block
      }
    }
  }

  clear(): void {
    this.terms.clear()
  }

  /** One statement after another as they are asked for. */
  *write(connection: Connection): Generator<Promise<void>> {
    const rows = [...this.terms].map(([term, g]) => [term, g.first, Buffer.concat(g.parts)] as const)
    this.terms.clear()
    // By term, as the table is.
    rows.sort((a, b) => (a[0] < b[0] ? -1 : 1))
    let from = 0
    for (; from + INSERT_AT_ONCE <= rows.length; from += INSERT_AT_ONCE)
      yield connection.run(INSERT_MANY, ...rows.slice(from, from + INSERT_AT_ONCE).flat())
    for (; from < rows.length; from++) yield connection.run(INSERT_ONE, ...rows[from]!)
  }
}

/** How far a block is from the one before, seven bits a byte; mostly one of few buffers. */
function step(distance: number): Buffer {
  return (STEPS[distance] ??= stepBytes(distance))
}
const STEPS: Buffer[] = []
function stepBytes(distance: number): Buffer {
  const bytes: number[] = []
  let rest = distance
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Buffer.from([...bytes, rest])
}

/** Where the rows of a block are written: `data` from `at` on. */
export interface RowsAt {
  readonly data: Buffer
  readonly at: number
}

/** The postings of a term, by block. */
export async function readPostings(connection: Connection, term: string, highest: number): Promise<ReadonlyMap<number, RowsAt>> {
  const rows = await connection.all<{ block: number; data: Buffer }>(
    'SELECT block, data FROM post WHERE term = ? AND block <= ?',
    term,
    highest,
  )
  const found = new Map<number, RowsAt>()
  for (const { block, data } of rows) {
    let number = block
    for (let at = 0; at < data.length; ) {
      let scale = 1
      for (; data[at]! > 127; at++, scale *= 128) number += (data[at]! & 127) * scale
      number += data[at++]! * scale
      found.set(number, { data, at })
      at += lengthOfRows(data, at)
    }
  }
  return found
}
