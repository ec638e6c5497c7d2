import { type Batch, rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import type { Predicate } from '../../spl/expressions/predicate'
import { contexts, type Environment } from '../../spl/run/environment'
import type { Problem } from '../../spl/text/problem'
import { textOf } from '../../spl/values/value'
import type { SearchKnowledge } from '../search-knowledge'
import { SharedFilters } from './shared-filters'

/** What extraction says when it first meets events of an origin. */
export type Said = readonly Problem[] | 'fails'

/** Whom a filter of pages tells what it finds; searches go by their number. */
export interface PageOwner {
  /** Whether a search still reads. */
  open(search: number): boolean
  /** Rows of the page that pass the search's filter. */
  keep(search: number, rows: Batch): void
  /** Of events that the store would have given to the search; once for each origin. */
  said(search: number, said: Said): void
  /** The search must read its events by itself: something went another way than when it is alone. */
  dismiss(search: number): void
  /** Extraction said something while a field was made for one of them, and says it once only: whoever has rows may be the one, or would hear it too. */
  unplaced(): void
}

const STAGE = { command: 'extract', args: {}, span: { start: 0, end: 0 }, spans: {} }

/** Tests the events of pages for many searches, which share what they have in common: the fields that are extracted, and conditions. One a thread. */
export class PageFilter {
  private readonly filters: SharedFilters
  private readonly extract: (b: Batch) => Batch
  private readonly saidOfOrigin = new Map<string, Said>()
  /** Searches that have heard of an origin. */
  private readonly heard = new Map<string, Set<number>>()

  constructor(
    filters: readonly Predicate[],
    private readonly knowledge: SearchKnowledge,
    private readonly env: Environment,
    private readonly owner: PageOwner,
  ) {
    this.filters = new SharedFilters(filters)
    let meeting = true
    const extract = this.extractor(() => meeting || owner.unplaced())
    this.extract = (batch) => {
      meeting = true
      const dressed = extract(batch)
      meeting = false
      return dressed
    }
  }

  /** @param asking the searches that may match some of the events of a page */
  take(stored: Batch, asking: Uint32Array): void {
    const origin = originOf(stored)
    const said = this.saidOf(origin, stored)
    if (said.length > 0) this.tell(asking, { origin, said, stored })
    if (said === 'fails') return
    const { owner } = this
    const kept = this.filters.over(this.extract(stored), stored)
    for (const search of asking) {
      try {
        const rows = owner.open(search) ? kept(search) : undefined
        if (rows) owner.keep(search, rows)
      } catch {
        owner.dismiss(search)
      }
    }
  }

  /** Asked of an extractor that has met nothing: one says each thing once, whatever the origin. */
  private saidOf(origin: string, stored: Batch): Said {
    let said = this.saidOfOrigin.get(origin)
    if (!said) {
      const problems: Problem[] = []
      try {
        this.extractor((p) => problems.push(p))(stored)
        said = problems
      } catch {
        said = 'fails'
      }
      this.saidOfOrigin.set(origin, said)
      this.heard.set(origin, new Set())
    }
    return said
  }
  /** Tells those who would have met events of the origin. */
  private tell(asking: Uint32Array, { origin, said, stored }: { origin: string; said: Said; stored: Batch }): void {
    const heard = this.heard.get(origin)!
    for (const search of asking) {
      if (!this.owner.open(search) || heard.has(search) || !this.filters.asksFor(search, stored)) continue
      heard.add(search)
      this.owner.said(search, said)
    }
  }

  private extractor(report: (p: Problem) => void): (b: Batch) => Batch {
    const { dictionary, of } = contexts({ ...this.env, report })
    return this.knowledge.extractor({ ...of(STAGE), dictionary })
  }
}

/** The origins of the events of a page, as one text. */
function originOf(b: Batch): string {
  const columns = ['sourcetype', 'source', 'host'].map((name) => b.column(name))
  if (columns.slice(0, 2).every((c) => c?.kind === 'constant')) return JSON.stringify(columns.slice(0, 2).map((c) => valueAt(c, 0)))
  return JSON.stringify([...new Set([...rowsOf(b)].map((row) => columns.map((c) => textOf(valueAt(c, row))).join('\n')))].sort())
}
