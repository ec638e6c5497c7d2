import { alive, type Batch, rowsOf } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import { contexts, type Environment } from '../../spl/run/environment'
import type { ScanSource } from '../../spl/run/scan'
import type { Problem } from '../../spl/text/problem'
import { textOf } from '../../spl/values/value'
import type { EventReader, Page, ScanTask, StoreQuery } from '../../storage/event-store'
import type { SearchKnowledge } from '../execute'
import { Feed } from './feed'
import { SharedFilters } from './shared-filters'

/** The search must read its events by itself: something would go another way than when it is alone. */
export class NotShared extends Error {
  override readonly name = 'NotShared'
}

/** One search that takes part. */
export interface Participant {
  readonly query: StoreQuery
  readonly env: Environment
}
interface Fed extends Participant {
  readonly feed: Feed
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

/** Reads the events of several searches once: each page is decompressed and its fields are extracted for all of them. */
export class SharedScan {
  private readonly fed: readonly Fed[]
  private readonly filters: SharedFilters
  private readonly extract: (b: Batch) => Batch
  private readonly said = new Map<string, Said>()
  private turned = performance.now()

  constructor(
    private readonly reader: EventReader,
    participants: readonly Participant[],
    private readonly knowledge: SearchKnowledge,
  ) {
    this.fed = participants.map((p) => ({ ...p, feed: new Feed(), heard: new Set<string>(), reached: false }))
    this.filters = new SharedFilters(participants.map((p) => p.query.filter))
    let meeting = true
    const extract = this.extractor(() => meeting || this.tellUnplaced())
    this.extract = (batch) => {
      meeting = true
      const dressed = extract(batch)
      meeting = false
      return dressed
    }
  }

  /** What each participant reads, in their order. */
  get sources(): readonly ScanSource[] {
    return this.fed.map(({ feed }) => ({ verify: undefined, read: () => feed.read() }))
  }

  /** Resolves when every search has had what it is to have; an error ends those that still read. */
  async run(): Promise<void> {
    try {
      const { loose, sealed, asking } = await this.reader.openMany!(this.fed.map((p) => p.query))
      for (const task of loose) await this.scan(task, () => this.fed)
      await this.scan(sealed, (page) => [...asking[page.page]!].map((n) => this.fed[n]!))
      for (const { feed } of this.fed) feed.end()
    } catch (e) {
      for (const { feed } of this.fed) feed.fail(e)
    }
  }

  private async scan(task: ScanTask, asking: (page: Page) => readonly Fed[]): Promise<void> {
    for await (const page of this.reader.scan(task)) {
      if (performance.now() - this.turned > TURN) await this.turn()
      const open = asking(page).filter(({ feed }) => !feed.closed)
      // Rows of the tasks after a loose one may be later.
      const next = task.latest === Number.POSITIVE_INFINITY ? task.latest : page.next
      if (open.length > 0 && alive(page.batch) > 0) await this.take(page.batch, open, next)
    }
  }
  private async turn(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.turned = performance.now()
  }

  private async take(stored: Batch, asking: readonly Fed[], next: number): Promise<void> {
    const origin = originOf(stored)
    const said = this.saidOf(origin, stored)
    if (said.length > 0) this.tell(asking, { origin, said, stored })
    if (said === 'fails') return
    const keep = this.filters.over(this.extract(stored), stored)
    const taken: Promise<void>[] = []
    for (const p of asking) {
      try {
        const batch = p.feed.closed ? undefined : keep(this.fed.indexOf(p))
        if (!batch) continue
        p.reached = true
        taken.push(p.feed.push({ batch, next, scanned: stored.rows }))
      } catch {
        p.feed.fail(new NotShared())
      }
    }
    if (taken.length > 0) await Promise.all(taken)
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
      if (p.feed.closed || p.heard.has(origin) || !this.filters.asksFor(this.fed.indexOf(p), stored)) continue
      p.heard.add(origin)
      if (said === 'fails') p.feed.fail(new NotShared())
      else for (const problem of said) p.env.report(problem)
    }
  }
  /** Said while a field was made for one of them, and once only: whoever has rows may be the one, or would have heard it too. */
  private tellUnplaced(): void {
    for (const p of this.fed) if (p.reached) p.feed.fail(new NotShared())
  }

  private extractor(report: (p: Problem) => void): (b: Batch) => Batch {
    const { dictionary, of } = contexts({ ...this.fed[0]!.env, report })
    return this.knowledge.extractor({ ...of(STAGE), dictionary })
  }
}

/** The origins of the events of a page, as one text. */
function originOf(b: Batch): string {
  const columns = ['sourcetype', 'source', 'host'].map((name) => b.column(name))
  if (columns.slice(0, 2).every((c) => c?.kind === 'constant')) return JSON.stringify(columns.slice(0, 2).map((c) => valueAt(c, 0)))
  return JSON.stringify([...new Set([...rowsOf(b)].map((row) => columns.map((c) => textOf(valueAt(c, row))).join('\n')))].sort())
}
