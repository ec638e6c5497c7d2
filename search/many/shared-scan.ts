import { alive, type Batch, rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import { dictionaries } from '../../spl/batch/dictionary'
import { Gather, type Unify } from '../../spl/batch/gather'
import { pickedOrder } from '../../spl/batch/order'
import { contexts, type Environment } from '../../spl/run/environment'
import type { Problem } from '../../spl/text/problem'
import { textOf } from '../../spl/values/value'
import type { EventReader, ManyQueries, Page, ScanTask, StoreQuery } from '../../storage/event-store'
import type { SearchKnowledge } from '../search-knowledge'
import { Feed } from './feed'
import { SharedFilters } from './shared-filters'

/** One search that takes part. */
export interface Participant {
  readonly query: StoreQuery
  readonly env: Environment
  /** It must read its events by itself: something went another way than when it is alone. */
  leave(): void
}
interface Fed extends Participant {
  readonly number: number
  readonly feed: Feed
  /** Rows that wait for more, so that stages have enough to do at a time. */
  pending: Batch[]
  pendingRows: number
  /** Origins whose problems it has heard of. */
  readonly heard: Set<string>
  /** Whether any rows came to it. */
  reached: boolean
}
/** What extraction says when it first meets events of an origin. */
type Said = readonly Problem[] | 'fails'

const STAGE = { command: 'extract', args: {}, span: { start: 0, end: 0 }, spans: {} }
/** Milliseconds after which others get a turn. */
const TURN = 8
/** Rows that one search is given at a time, if so many come from … */
const ROWS = 1024
/** … so many pages, which are kept in memory until then: few rows at a time cost a regex that is watched more than its matching. */
const PAGES = 64

/** Reads the events of several searches once: each page is decompressed and its fields are extracted for all of them. */
export class SharedScan {
  private readonly fed: readonly Fed[]
  private readonly filters: SharedFilters
  private readonly extract: (b: Batch) => Batch
  private readonly said = new Map<string, Said>()
  private readonly unify = dictionaries()
  private turned = performance.now()
  private unplaced = false

  constructor(
    private readonly reader: EventReader,
    participants: readonly Participant[],
    private readonly knowledge: SearchKnowledge,
  ) {
    this.fed = participants.map((p, number) => ({
      ...p,
      number,
      feed: new Feed(),
      pending: [],
      pendingRows: 0,
      heard: new Set<string>(),
      reached: false,
    }))
    this.filters = new SharedFilters(participants.map((p) => p.query.filter))
    let meeting = true
    const extract = this.extractor(() => meeting || this.hearUnplaced())
    this.extract = (batch) => {
      meeting = true
      const dressed = extract(batch)
      meeting = false
      return dressed
    }
  }

  /** What each participant reads, in their order. */
  get feeds(): readonly Feed[] {
    return this.fed.map((p) => p.feed)
  }

  /** Resolves when every search has had what it is to have; an error ends those that still read. */
  async run(): Promise<void> {
    try {
      const found = await this.reader.openMany!(this.fed.map((p) => p.query))
      try {
        await this.read(found)
      } finally {
        await this.reader.release(found.sealed.snapshot)
      }
      for (const { feed } of this.fed) feed.end()
    } catch (e) {
      for (const { feed } of this.fed) feed.fail(e)
    }
  }
  private async read({ loose, sealed, asking }: ManyQueries): Promise<void> {
    for (const task of loose) await this.scan(task, () => this.fed)
    await this.scan(sealed, (page) => [...asking[page.page]!].map((n) => this.fed[n]!))
    await this.give(Number.NEGATIVE_INFINITY)
  }

  private async scan(task: ScanTask, asking: (page: Page) => readonly Fed[]): Promise<void> {
    for await (const page of this.reader.scan(task)) {
      if (performance.now() - this.turned > TURN) await this.turn()
      // Cancelled, or each has what it wants.
      if (this.fed.every(({ feed }) => feed.closed)) return
      const open = asking(page).filter(({ feed }) => !feed.closed)
      // Rows of the tasks after a loose one may be later.
      const next = task.latest === Number.POSITIVE_INFINITY ? task.latest : page.next
      if (open.length > 0 && alive(page.batch) > 0) this.take(page.batch, open)
      if (++this.pages % PAGES === 0) await this.give(next)
      else if (this.full) await this.give(next, ROWS)
    }
  }
  private pages = 0
  private full = false

  /** Hands over what waits. @param least  to those only who wait with so many rows */
  private async give(next: number, least = 1): Promise<void> {
    this.full = false
    const taken: Promise<void>[] = []
    for (const p of this.fed) {
      if (p.pendingRows < least || p.feed.closed) continue
      taken.push(p.feed.push({ batch: joined(p.pending, this.unify), next, scanned: p.pendingRows }))
      p.pending = []
      p.pendingRows = 0
    }
    if (taken.length > 0) await Promise.all(taken)
  }
  private async turn(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.turned = performance.now()
  }

  private take(stored: Batch, asking: readonly Fed[]): void {
    const origin = originOf(stored)
    const said = this.saidOf(origin, stored)
    if (said.length > 0) this.tell(asking, { origin, said, stored })
    if (said === 'fails') return
    const keep = this.filters.over(this.extract(stored), stored)
    for (const p of asking) {
      try {
        const batch = p.feed.closed ? undefined : keep(p.number)
        if (batch) this.keep(p, batch)
      } catch {
        dismiss(p)
      }
    }
  }
  private keep(p: Fed, batch: Batch): void {
    p.reached = true
    p.pending.push(batch)
    p.pendingRows += alive(batch)
    if (p.pendingRows >= ROWS) this.full = true
    if (this.unplaced) dismiss(p)
  }

  /** Asked of an extractor that has met nothing: one says each thing once, whatever the origin. */
  private saidOf(origin: string, stored: Batch): Said {
    let said = this.said.get(origin)
    if (!said) {
      const problems: Problem[] = []
      try {
        this.extractor((p) => problems.push(p))(stored)
        said = problems
      } catch {
        said = 'fails'
      }
      this.said.set(origin, said)
    }
    return said
  }
  /** Tells those who would have met events of the origin. */
  private tell(asking: readonly Fed[], { origin, said, stored }: { origin: string; said: Said; stored: Batch }): void {
    for (const p of asking) {
      if (p.feed.closed || p.heard.has(origin) || !this.filters.asksFor(p.number, stored)) continue
      p.heard.add(origin)
      if (said === 'fails') dismiss(p)
      else for (const problem of said) p.env.report(problem)
    }
  }
  /** Said while a field was made for one of them, and once only: whoever has rows may be the one, or would hear it too. */
  private hearUnplaced(): void {
    this.unplaced = true
    for (const p of this.fed) if (p.reached) dismiss(p)
  }

  private extractor(report: (p: Problem) => void): (b: Batch) => Batch {
    const { dictionary, of } = contexts({ ...this.fed[0]!.env, report })
    return this.knowledge.extractor({ ...of(STAGE), dictionary })
  }
}

function dismiss(p: Fed): void {
  p.leave()
  p.pending = []
  p.pendingRows = 0
  p.feed.end()
}

/** The origins of the events of a page, as one text. */
function originOf(b: Batch): string {
  const columns = ['sourcetype', 'source', 'host'].map((name) => b.column(name))
  if (columns.slice(0, 2).every((c) => c?.kind === 'constant')) return JSON.stringify(columns.slice(0, 2).map((c) => valueAt(c, 0)))
  return JSON.stringify([...new Set([...rowsOf(b)].map((row) => columns.map((c) => textOf(valueAt(c, row))).join('\n')))].sort())
}

/** The rows of several pages as one batch, page after page. */
function joined(parts: readonly Batch[], unify: Unify): Batch {
  if (parts.length === 1) return parts[0]!
  const rows = parts.reduce((n, b) => n + alive(b), 0)
  const part = new Uint16Array(rows)
  const row = new Uint32Array(rows)
  let at = 0
  for (const [i, b] of parts.entries()) {
    const picked = rowsOf(b)
    row.set(picked, at)
    part.fill(i, at, at + picked.length)
    at += picked.length
  }
  return new Gather(
    { parts, part, row },
    pickedOrder(
      parts.map((b) => b.order!),
      part,
      row,
    ),
    unify,
  )
}
