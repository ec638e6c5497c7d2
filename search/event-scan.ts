import type { Batch } from '../spl/batch/batch'
import { decodeBatch, decodeState } from '../spl/batch/codec'
import { plus, wantsPattern } from '../spl/batch/demand'
import { fieldsOfPredicate } from '../spl/expressions/compile-predicate'
import type { Predicate } from '../spl/expressions/predicate'
import type { Plan } from '../spl/plan/plan'
import { contexts, type Environment } from '../spl/run/environment'
import type { Scanned, ScanSource } from '../spl/run/scan'
import type { State } from '../spl/syntax/behaviour'
import type { Problem } from '../spl/text/problem'
import type { Snapshot, StoreQuery, ScanTask as StoreTask } from '../storage/event-store'
import { type KnownColumns, keptBy } from './columns'
import { DEFAULT_WAYS, type Execution, type Ways } from './execution'
import { BothPages, Hearing } from './hearing'
import type { keptEvents } from './kept-events'
import { fieldsInstead, needsText } from './needs-text'
import { joining, pagesOf, type Reading } from './reading'
import { indexesOf } from './resolve'
import { accumulates, type Finding, orderedPages, type ScanShare, SHARE, takenPages } from './share'

/** What extraction runs as: no stage of the search. */
const NO_STAGE = { command: 'extract', args: {}, span: { start: 0, end: 0 }, spans: {} }

/** Whom a scan tells what it finds, and asks what is wanted of it. */
export interface ScanOwner {
  readonly kept: ReturnType<typeof keptEvents>
  /** How many of the fragment's maps stand before the events that are kept. */
  readonly eventMaps: number
  /** Whether events are still kept for the job: with all their fields, so from their texts. */
  keepsEvents(): boolean
  /** Found by another thread. */
  counted(scanned: number, matched: number): void
  keepEvents(b: Batch): void
  report(p: Problem): void
}

/** Reads the events of one search: from their texts or from what is kept of them, alone or together with another thread. */
export class EventScan {
  /** Events to look at, at most. */
  estimate = 0
  private snapshot: Snapshot | undefined
  private readsText = true
  /** Kept of fields that may do instead of texts; undefined: pages are not joined. */
  private instead: readonly string[] | undefined
  private columns: KnownColumns | undefined
  /** Whether texts were read since it was last asked. */
  private readsTexts = false
  private share: ScanShare | undefined
  /** Once help was asked for. */
  private hearing: Hearing | undefined

  /** @param withTexts  whether the texts are read in any case */
  constructor(
    private readonly x: Execution,
    private readonly plan: Plan,
    private readonly owner: ScanOwner,
    private readonly withTexts: boolean,
  ) {}

  /** The events that may match, as one source: page by page from the store, dressed with search-time fields. */
  async sources(filter: Predicate, env: Environment): Promise<ScanSource[]> {
    const { x } = this
    if (!x.reader) return []
    const query = this.query(filter, env)
    const shared = await x.together?.(query, env)
    if (shared) return [shared]
    const { snapshot, took } = await x.reader.open(query)
    this.snapshot = snapshot
    // Without the optimizer the whole filter is tested again.
    const left = this.ways.optimize ? took.conjuncts.filter((c) => c.by === 'superset').map((c) => c.predicate) : [filter]
    const tasks = await x.reader.tasks(snapshot, this.ways.tasks)
    this.estimate = tasks.reduce((n, t) => n + t.estimate, 0)
    this.decideOnTexts(left)
    await this.columns?.load(x.reader.columns, tasks, this.instead ?? [])
    const verify: Predicate | undefined = left.length === 0 ? undefined : { id: 0, span: filter.span, and: left }
    const extract = this.extractor(env)
    const parts = this.divides ? (query.demand.ordered ? tasks.flatMap((t) => x.reader!.cut(t)) : tasks) : []
    if (parts.length > 1) return [this.divided(verify, parts, env, extract)]
    const shares = query.demand.ordered ? tasks.map((t) => [t]) : dealt(tasks, this.ways.tasks)
    return shares.map((share) => ({ verify, read: () => this.pages(share, extract) }))
  }

  /** What another thread found; undefined where none was asked to take part. */
  elsewhere(): AsyncIterable<State> | undefined {
    return this.share && accumulates(this.plan.fragment) ? this.states() : undefined
  }

  /** Nobody reads any more: no helper goes on. */
  end(): void {
    this.hearing?.end()
  }
  /** What the answer need not wait for: files may go, and the next process may want what this search extracted. */
  async cleanUp(): Promise<void> {
    if (this.snapshot) await this.x.reader!.release(this.snapshot)
    await this.columns?.save(this.x.reader?.columns)
  }

  private query(filter: Predicate, env: Environment): StoreQuery {
    const { x } = this
    const { request, knowledge } = x
    const { fragment } = this.plan
    return {
      indexes: indexesOf(filter, x.indexes, request.indexesAllowed, request.indexesDefault),
      allowed: request.indexesAllowed,
      earliest: env.range.earliest,
      latest: env.range.latest,
      filter,
      hints: undefined,
      demand: { ...knowledge.fields.closeDemand(fragment.demand), ordered: fragment.demand.ordered && fragment.ordered },
    }
  }

  /** @param left  what the store does not decide of the filter */
  private decideOnTexts(left: readonly Predicate[]): void {
    const { fragment } = this.plan
    const { x } = this
    // Rows that go on may be asked which fields they have; those that accumulate are asked for the ones demanded.
    if (this.withTexts || !this.accumulates) return
    const asked = plus(fragment.asked, ...left.flatMap(fieldsOfPredicate))
    const closed = x.knowledge.fields.closeDemand(asked)
    this.readsText = needsText(closed)
    if (!asked.ordered) this.instead = fieldsInstead(asked, closed)
    if (this.estimate >= x.limits.sharedEvents) this.columns = x.columns?.of(x.knowledge.extraction)
  }

  private reading(extract: (b: Batch) => Batch): Reading {
    const keepsEvents = () => this.owner.keepsEvents()
    const join = joining(this.instead, this.columns, keepsEvents)
    const text = () => this.readsText || keepsEvents()
    const reads = () => {
      this.readsTexts = true
    }
    return { reader: this.x.reader!, extract, text, join, reads, whole: this.accumulates, fleeting: this.accumulates }
  }
  private extractor(env: Environment): (b: Batch) => Batch {
    const { dictionary, of } = contexts(env)
    return this.x.knowledge.extractor({ ...of(NO_STAGE), dictionary, columns: this.columns && keptBy(this.columns) })
  }
  private async *pages(tasks: readonly StoreTask[], extract: (b: Batch) => Batch): AsyncGenerator<Scanned> {
    for (const [i, task] of tasks.entries()) {
      for await (const page of pagesOf(task, this.reading(extract), tasks[i + 1])) {
        // Rows of a later task may be later: only the last one's bound holds.
        yield i + 1 < tasks.length ? { ...page, next: Number.POSITIVE_INFINITY } : page
      }
    }
  }
  /** Whether all events are taken in, in any order. */
  private get accumulates(): boolean {
    const { fragment } = this.plan
    return accumulates(fragment) && !fragment.ordered
  }
  private get ways(): Ways {
    return this.x.ways ?? DEFAULT_WAYS
  }

  /** A large scan is done together with another thread: each takes the next task until none is left. */
  private get divides(): boolean {
    const { x, plan } = this
    const { last, wanted } = plan.fragment
    // Rows are sent with all fields that may be asked for. Where these are all, and most rows may be dropped later, one thread does better.
    const sendable = last !== undefined || plan.rest.length === 0 || !wantsPattern(wanted)
    return x.share !== undefined && sendable && this.estimate >= x.limits.sharedEvents
  }
  private divided(verify: Predicate | undefined, tasks: readonly StoreTask[], env: Environment, extract: (b: Batch) => Batch): ScanSource {
    const { x, plan, owner } = this
    const share: ScanShare = {
      sid: x.sid,
      seed: env.seed,
      fragment: plan.fragment,
      verify,
      tasks,
      range: env.range,
      now: x.now,
      timeZone: env.zone.name,
      app: x.request.app,
      user: x.request.owner,
      serverName: x.serverName,
      limits: x.limits,
      readsText: this.readsText,
      instead: this.instead,
      events: { most: plan.transforming ? owner.kept.most : 0, demand: owner.kept.demand, maps: owner.eventMaps },
      words: new Int32Array(new SharedArrayBuffer(SHARE.words * 4)),
      control: x.words,
    }
    this.share = share
    const reading = { ...this.reading(extract), goOn: this.askingForHelp(share, env) }
    const own = () => (plan.fragment.ordered ? orderedPages(share, reading) : takenPages(share, { ...reading, from: 'front' }))
    const both = () => new BothPages(own(), { words: share.words, hearing: () => this.hearing, found: (f) => this.found(f) }).read()
    return { verify, read: accumulates(plan.fragment) ? own : both }
  }
  /** Asked before each task. Help is worth its cost once texts are read: what is kept is looked through sooner than another thread has begun. */
  private askingForHelp(share: ScanShare, env: Environment): () => boolean {
    return () => {
      if (this.readsTexts) this.hearing ??= new Hearing(this.x.share!(share), share.words, env.border)
      this.readsTexts = false
      return true
    }
  }
  private async *states(): AsyncGenerator<State> {
    const h = this.hearing
    if (!h?.left()) return
    for (let f = await h.next(); f; f = await h.next()) {
      if ('state' in f) yield decodeState(f.state)
      else this.found(f)
    }
  }
  private found(f: Finding): void {
    if ('report' in f) this.owner.report(f.report)
    else if ('tested' in f) this.x.reader!.tested!.learn(f.tested)
    else if ('events' in f) this.owner.keepEvents(decodeBatch(f.events))
    else if ('scanned' in f) this.owner.counted(f.scanned, f.matched)
  }
}

const dealt = <T>(all: readonly T[], shares: number): T[][] =>
  Array.from({ length: shares }, (_, k) => all.filter((_x, i) => i % shares === k))
