import { indexTerm } from '../../../spl/segments/term-set'
import type { Filterable } from '../../matching/event-filter'
import type { Bits } from './bits'
import type { TermLookup } from './lookup'
import { type RowsAt, readPostings } from './postings'
import { readRows } from './row-set'

export type KnownRows = Filterable['known']

/** What the index of one file says of some terms. Blocks without postings, of files of version 1 too, leave it to the text. */
export class KnownTerms {
  private constructor(private readonly terms: ReadonlyMap<string, Known>) {}

  /** @param lookup of the file */
  static async read(lookup: TermLookup, terms: readonly string[]): Promise<KnownTerms> {
    const { connection, highest } = lookup
    const [postings] = await Promise.all([
      Promise.all(terms.map((t) => readPostings(connection, Buffer.from(indexTerm(t)).toString(), highest))),
      lookup.ask(terms.map(plain)),
    ])
    return new KnownTerms(new Map(terms.map((t, i) => [t, { blocks: lookup.blocks(plain(t)), postings: postings[i]! }])))
  }

  /** Whether all of the terms are known in a block. */
  whole(block: number): boolean {
    for (const k of this.terms.values()) if (k.blocks?.has(block) !== false && !k.postings.has(block)) return false
    return true
  }

  /** @param rows of the block */
  of(block: number, rows: number): KnownRows {
    return (term) => {
      const known = this.terms.get(term)
      if (known?.blocks?.has(block) === false) return 'none'
      const found = known?.postings.get(block)
      return found && readRows(found.data, found.at, rows)
    }
  }
}

interface Known {
  /** Blocks that may hold it; undefined: any. */
  readonly blocks: Bits | undefined
  readonly postings: ReadonlyMap<number, RowsAt>
}
const plain = (term: string) => ({ term, wildcard: false })
