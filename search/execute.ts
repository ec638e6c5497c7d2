import type { Batch } from '../spl/batch/batch'
import { alive } from '../spl/batch/batch'
import { decodeBatch, decodeState, encodeBatch } from '../spl/batch/codec'
import { plus } from '../spl/batch/demand'
import { dictionaries } from '../spl/batch/dictionary'
import { materialise } from '../spl/batch/gather'
import { fieldsOfPredicate } from '../spl/expressions/compile-predicate'
import type { Predicate } from '../spl/expressions/predicate'
import type { Language } from '../spl/language'
import { type Plan, planSearch } from '../spl/plan/plan'
import { contexts, type Environment } from '../spl/run/environment'
import { type Carry, generated, previewSearch, runSearch } from '../spl/run/run'
import type { Scanned, ScanSource, ScanWatch } from '../spl/run/scan'
import type { Accumulator, State } from '../spl/syntax/behaviour'
import { SplProblem } from '../spl/text/problem'
import { fail, problem } from '../spl/text/problems'
import type { Source } from '../spl/text/source'
import type { Zone } from '../spl/values/time/zone'
import { type EventReader, type Snapshot, type StoreQuery, type ScanTask as StoreTask, TextMissing } from '../storage/event-store'
import { type ColumnCache, type KnownColumns, keptBy } from './columns'
import type { SearchRequest } from './head'
import { COMMAND, CONTROL, type JobMessage } from './jobs/message'
import { keptEvents } from './kept-events'
import type { Limits } from './limits'
import { fieldsInstead, needsText } from './needs-text'
import { atOrigin, blocking, endOfEvents, readSearch } from './read'
import { joining, pagesOf, type Reading } from './reading'
import { indexesOf, parameterRanges, resolveFilter, type TimeRange, zoneOf } from './resolve'
import { firstRows, withSerial } from './result-rows'
import type { SearchKnowledge } from './search-knowledge'
import { heard, type RemoteScan, release, type ScanShare, SHARE, takeBack, takenPages } from './share'
import type { ResultSink } from './sink'
import { storeFacts } from './store-facts'

export interface Execution {
  readonly sid: string
  readonly request: SearchRequest
  /** Epoch seconds. */
  readonly now: number
  readonly language: Language
  readonly knowledge: SearchKnowledge
  readonly reader: EventReader | undefined
  /** Names of all indexes. */
  readonly indexes: readonly string[]
  readonly serverName: string
  readonly guid: string
  readonly limits: Limits
  /** Shared words; see `CONTROL`. */
  readonly words: Int32Array
  /** Where the rows go; closed when the search has ended. */
  readonly sink: ResultSink
  /** What the matrix of the specs varies; searches run with the defaults. */
  readonly ways?: Ways
  /** What this thread keeps of fields between searches. */
  readonly columns?: ColumnCache | undefined
  /** Gives a part of a scan to other threads; undefined when there are none. */
  share?(share: ScanShare): RemoteScan
  /** Asked where events are read together with other searches; undefined: this one reads its own. Called before the first wait. */
  readonly together?: (query: StoreQuery, env: Environment) => Promise<ScanSource | undefined>
  send(m: JobMessage): void
}

/** Ways to run one search that must not change its answer. */
export interface Ways {
  readonly optimize: boolean
  readonly tasks: number
  /** What each task gives goes through the codec, as between threads. */
  readonly carry?: Carry
  /** Told what was planned, and each batch that a task scans. */
  planned?(plan: Plan): void
  scannedBatch?(task: number): void
}
const DEFAULT_WAYS: Ways = { optimize: true, tasks: 1 }

/**
 * Runs one search to its end and tells its job. Never throws: what ends it badly is its last message.
 * Anything that is no problem of a search is a bug: reported as such, with its stack in the log of who runs it.
 */
export async function executeSearch(x: Execution, log: (text: string) => void = () => {}): Promise<void> {
  let source: Source | undefined
  let running: Running | undefined
  let end: JobMessage
  try {
    x.send({ type: 'parsing' })
    const zone = zoneOf(x.request)
    const ranges = parameterRanges(x.request, x.now)
    const read = readSearch(x.request.search, x.language, x.knowledge.expand)
    const stop = blocking(read.problems)
    if (stop) throw new SplProblem(stop)
    // From here on places are those of the text after its macros; the reader has told its own.
    source = read.source
    for (const p of read.problems) x.send({ type: 'message', problem: p })
    const plan = planSearch(read.stages, x.language, { optimize: (x.ways ?? DEFAULT_WAYS).optimize })
    x.ways?.planned?.(plan)
    running = new Running(x, plan, { zone, ...ranges, text: read.source!.text })
    end = { type: 'done', finalized: await running.run() }
  } catch (e) {
    end = { type: 'failed', problem: atOrigin(problemOf(e, x, log), source) }
  }
  // What is still being written must be done before the files are closed, and the files before the job has ended.
  await running?.settled()
  await x.sink.close().catch((e: unknown) => log(`search ${x.sid}: ${String(e)}`))
  x.send(end)
  await running?.keepColumns().catch((e: unknown) => log(`search ${x.sid}: ${String(e)}`))
}

/** JavaScript's words for a Map, an array or a text that can grow no more. */
const TOO_LARGE = /(?:Map|Set) maximum size|Invalid (?:typed )?array length|Array buffer allocation|string length/

function problemOf(e: unknown, x: Execution, log: (text: string) => void) {
  if (e instanceof SplProblem) return e.problem
  // The folder of a cancelled job may be gone already.
  if (Atomics.load(x.words, CONTROL.command) === COMMAND.cancel) return problem('cancelled', {})
  if (e instanceof Error && e.name === 'StoreError') return problem('store-failed', { text: e.message })
  if (e instanceof RangeError && TOO_LARGE.test(e.message))
    return problem('memory-limit', { megabytes: Math.round(x.limits.memoryBytes / 1_000_000) })
  log(`search ${x.sid}: ${e instanceof Error ? e.stack : String(e)}`)
  return problem('internal', {})
}

interface Prepared {
  readonly zone: Zone
  readonly range: TimeRange
  readonly indexed: TimeRange
  readonly text: string
}

/** Milliseconds between two progress messages. */
const PROGRESS = 100
/** Milliseconds before the first preview and between two, at least. */
const PREVIEW = 500
const PREVIEW_ROWS = 1000
/** A turn of the event loop is due after so many milliseconds. */
const TURN = 8

/** What extraction runs as: no stage of the search. */
const NO_STAGE = { command: 'extract', args: {}, span: { start: 0, end: 0 }, spans: {} }

/** One search under way. */
class Running {
  private scanned = 0
  private matched = 0
  private estimate = 0
  private told = 0
  private finalized = false
  private turned = performance.now()
  private readonly deadline: number
  private nextPreview = performance.now() + PREVIEW
  private readonly unify = dictionaries()
  private readonly pending: Promise<void>[] = []

  constructor(
    private readonly x: Execution,
    private readonly plan: Plan,
    private readonly p: Prepared,
  ) {
    const seconds = x.request.maxTimeSeconds
    this.kept = keptEvents(x.request, x.limits)
    this.deadline = seconds > 0 ? performance.now() + seconds * 1000 : Number.POSITIVE_INFINITY
  }

  /** @returns whether it was finalized */
  async run(): Promise<boolean> {
    try {
      await this.pass()
    } catch (e) {
      if (!(e instanceof TextMissing)) throw e
      // Nothing has come out yet: a scan whose rows only accumulate is begun anew, with all texts.
      this.withTexts = true
      this.readsText = true
      this.instead = undefined
      this.scanned = 0
      this.matched = 0
      await this.pass()
    }
    await Promise.all(this.pending)
    this.tellProgress(true)
    return this.finalized
  }
  private withTexts = false
  private async pass(): Promise<void> {
    try {
      await this.keep(await this.rows())
    } finally {
      if (this.remote?.scan) release(this.remote.share.words, this.remote.scan)
      if (this.snapshot) await this.x.reader!.release(this.snapshot)
      this.remote = undefined
      this.snapshot = undefined
    }
  }
  private async rows(): Promise<AsyncIterable<Batch>> {
    const { x, plan } = this
    const resolved = this.resolve()
    this.tellRead(resolved.range)
    const env = this.environment(resolved.range)
    const sources =
      'filter' in plan.origin ? await this.eventSources(resolved.filter!, env) : generated(plan.origin.generate, env, this.ways.tasks)
    x.send({ type: 'running' })
    const { carry } = this.ways
    const { remote } = this
    return runSearch({
      plan,
      env,
      sources: sources.map((s, i) => this.watched(s, i)),
      watch: this.watch(env),
      ...(carry && { carry }),
      ...(remote && { elsewhere: () => this.elsewhere(remote) }),
    })
  }
  /** The next process may want what this search extracted: after the answer, which does not wait for it. */
  async keepColumns(): Promise<void> {
    await this.columns?.save(this.x.reader?.columns)
  }
  /** Nothing more is being written. */
  async settled(): Promise<void> {
    await this.queue.catch(() => {})
  }

  private resolve(): { readonly filter: Predicate | undefined; readonly range: TimeRange } {
    const { origin } = this.plan
    if (!('filter' in origin)) return { filter: undefined, range: this.p.range }
    const { x, p } = this
    const r = resolveFilter(origin.filter, { now: x.now, zone: p.zone, range: p.range, indexed: p.indexed, fields: x.knowledge.fields })
    if (r.overridden) x.send({ type: 'message', problem: problem('range-substituted', {}) })
    return r
  }

  private environment(range: TimeRange): Environment {
    const { x } = this
    const store = storeFacts(x, () => this.border())
    return {
      language: x.language,
      now: x.now,
      zone: this.p.zone,
      seed: seedOf(x.sid),
      range,
      batchRows: x.limits.batchRows,
      regexMilliseconds: x.limits.regexMilliseconds,
      memoryBytes: x.limits.memoryBytes,
      host: { serverName: x.serverName, ...(store && { store }) },
      check: () => this.check(),
      border: () => this.border(),
      report: (problem) => x.send({ type: 'message', problem }),
    }
  }

  private get command(): number {
    return Atomics.load(this.x.words, CONTROL.command)
  }
  private check(): void {
    if (this.command === COMMAND.cancel) throw fail('cancelled', {})
    if (performance.now() > this.deadline) throw fail('time-limit', { seconds: this.x.request.maxTimeSeconds })
  }
  private border(): Promise<void> | undefined {
    this.check()
    if (this.command === COMMAND.pause) return this.paused()
    if (performance.now() - this.turned < TURN) return undefined
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.turned = performance.now()
      this.check()
    })
  }
  private async paused(): Promise<void> {
    this.x.send({ type: 'paused', paused: true })
    while (this.command === COMMAND.pause) {
      await new Promise((resolve) => setTimeout(resolve, 25))
      this.check()
    }
    this.check()
    this.x.send({ type: 'paused', paused: false })
  }

  /** The events that may match, as one source: page by page from the store, dressed with search-time fields. */
  private async eventSources(filter: Predicate, env: Environment): Promise<ScanSource[]> {
    const { x } = this
    if (!x.reader) return []
    const { request } = x
    const { ordered, ...demand } = { ...this.plan.fragment.demand }
    const query: StoreQuery = {
      indexes: indexesOf(filter, x.indexes, request.indexesAllowed, request.indexesDefault),
      allowed: request.indexesAllowed,
      earliest: env.range.earliest,
      latest: env.range.latest,
      filter,
      hints: undefined,
      demand: { ...x.knowledge.fields.closeDemand({ ...demand, ordered }), ordered: ordered && this.plan.fragment.ordered },
    }
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
    const divided = this.divided(verify, tasks, env)
    if (divided) return [divided]
    const shares = ordered ? tasks.map((t) => [t]) : dealt(tasks, this.ways.tasks)
    return shares.map((share) => ({ verify, read: () => this.pages(share, this.extractorOf(env)) }))
  }
  private readsText = true
  /** Kept of fields that may do instead of texts; undefined: pages are not joined. */
  private instead: readonly string[] | undefined
  private columns: KnownColumns | undefined
  /** @param left  what the store does not decide of the filter */
  private decideOnTexts(left: readonly Predicate[]): void {
    const { fragment } = this.plan
    const { x } = this
    // Rows that go on may be asked which fields they have; those that accumulate are asked for the ones demanded.
    if (this.withTexts || !fragment.last || !('accumulate' in fragment.last) || fragment.ordered) return
    const asked = plus(fragment.asked, ...left.flatMap(fieldsOfPredicate))
    const closed = x.knowledge.fields.closeDemand(asked)
    this.readsText = needsText(closed)
    if (!asked.ordered) this.instead = fieldsInstead(asked, closed)
    if (this.estimate >= x.limits.sharedEvents) this.columns = x.columns?.of(x.knowledge.extraction)
  }
  /** Whether the texts of the pages to come are needed: for fields, or for the events that are kept. */
  private readonly text = () => this.readsText || this.keepsEvents
  private get keepsEvents(): boolean {
    return this.plan.transforming && this.eventsKept < this.kept.most
  }
  private get reading(): Omit<Reading, 'extract'> {
    const join = joining(this.instead, this.columns, () => this.keepsEvents)
    const counted: typeof join = (stretch, parts) => {
      const yes = join!(stretch, parts)
      if (yes) this.joined++
      return yes
    }
    return { reader: this.x.reader!, text: this.text, join: join && counted }
  }
  /** Released at the end. */
  private snapshot: Snapshot | undefined
  /** `scan`: once help was asked for. */
  private remote: { readonly share: ScanShare; scan: RemoteScan | undefined } | undefined
  /** A large scan whose rows only accumulate is done together with another thread: each takes the next task until none is left. */
  private divided(verify: Predicate | undefined, tasks: readonly StoreTask[], env: Environment): ScanSource | undefined {
    const { x, plan } = this
    const { last } = plan.fragment
    if (!x.share || !last || !('accumulate' in last) || plan.fragment.ordered || this.estimate < x.limits.sharedEvents || tasks.length < 2)
      return undefined
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
      events: { most: plan.transforming ? this.kept.most : 0, demand: this.kept.demand, maps: this.eventMaps },
      words: new Int32Array(new SharedArrayBuffer(SHARE.words * 4)),
      control: x.words,
    }
    const remote: NonNullable<Running['remote']> = { share, scan: undefined }
    this.remote = remote
    const extract = this.extractorOf(env)
    return { verify, read: () => takenPages(share, { ...this.reading, extract, from: 'front', goOn: this.askingForHelp(remote) }) }
  }
  /** Asked before each task. Help is worth its cost once texts are read: what is kept is looked through sooner than another thread has begun. */
  private askingForHelp(remote: NonNullable<Running['remote']>): () => boolean {
    const { tasks } = remote.share
    let begun = 0
    let joined = 0
    return () => {
      const last = tasks[begun++ - 1]
      // Events that are in no block are few.
      const read = last !== undefined && last.latest !== Number.POSITIVE_INFINITY && this.joined === joined
      joined = this.joined
      if (read && !remote.scan) remote.scan = this.x.share!(remote.share)
      return true
    }
  }
  /** Stretches that came as one page. */
  private joined = 0
  /** What the other thread found, unless it has not begun. */
  private async *elsewhere({ share, scan }: NonNullable<Running['remote']>): AsyncGenerator<State> {
    if (!scan || takeBack(share.words)) return
    for await (const m of heard(scan, () => this.border())) {
      if ('state' in m) yield decodeState(m.state)
      else if ('report' in m) this.x.send({ type: 'message', problem: m.report })
      else if ('events' in m) this.keepEvents(decodeBatch(m.events))
      else if ('scanned' in m) {
        this.matched += m.matched
        this.scanned += m.scanned
        this.tellProgress(false)
      }
    }
  }

  private get eventMaps(): number {
    return Math.min(this.plan.eventStages - 1, this.plan.fragment.maps.length)
  }
  private extractorOf(env: Environment): (b: Batch) => Batch {
    const { dictionary, of } = contexts(env)
    return this.x.knowledge.extractor({ ...of(NO_STAGE), dictionary, columns: this.columns && keptBy(this.columns) })
  }
  private async *pages(tasks: readonly StoreTask[], extract: (b: Batch) => Batch): AsyncGenerator<Scanned> {
    for (const [i, task] of tasks.entries()) {
      for await (const page of pagesOf(task, { ...this.reading, extract })) {
        // Rows of a later task may be later: only the last one's bound holds.
        yield i + 1 < tasks.length ? { ...page, next: Number.POSITIVE_INFINITY } : page
      }
    }
  }
  private get ways(): Ways {
    return this.x.ways ?? DEFAULT_WAYS
  }
  /** Ends where it is when the search is to be finalized. */
  private watched(source: ScanSource, task: number): ScanSource {
    const told = this.ways.scannedBatch
    const finalizing = () => this.finalizing()
    const read = async function* (): AsyncGenerator<Scanned> {
      for await (const s of source.read()) {
        if (finalizing()) return
        if (s.batch) told?.(task)
        yield s
      }
    }
    return { verify: source.verify, read }
  }
  private finalizing(): boolean {
    if (this.command === COMMAND.finalize) this.finalized = true
    return this.finalized
  }

  private watch(env: Environment): ScanWatch {
    const keepEvents = this.plan.transforming && this.x.limits.events > 0
    return {
      scanned: (n) => {
        this.scanned += n
        this.tellProgress(false)
      },
      matched: (n) => {
        this.matched += n
      },
      enough: () => this.finalizing(),
      eventMaps: this.eventMaps,
      ...(keepEvents && { events: (b: Batch) => this.keepEvents(b) }),
      previewDue: () => this.x.request.preview && performance.now() > this.nextPreview,
      preview: (acc) => this.preview(acc, env),
    }
  }

  private keepEvents(b: Batch): void {
    const left = this.kept.most - this.eventsKept
    if (left <= 0 || !('filter' in this.plan.origin)) return
    const kept = materialise(firstRows(b, left), this.kept.demand, this.unify)
    this.eventsKept += alive(kept)
    this.pending.push(this.write('events', kept))
  }
  private eventsKept = 0
  private readonly kept: ReturnType<typeof keptEvents>
  private queue: Promise<void> = Promise.resolve()
  private write(spool: 'events' | 'results', b: Batch): Promise<void> {
    this.queue = this.queue.then(() => this.x.sink.write(spool, b))
    // Awaited at the end too; a rejection before that must not count as unhandled.
    this.queue.catch(() => {})
    return this.queue
  }

  private async keep(rows: AsyncIterable<Batch>): Promise<void> {
    const limit = this.x.request.maxCount
    let n = 0
    for await (const made of rows) {
      const b = limit > 0 && n + alive(made) > limit ? firstRows(made, limit - n) : made
      const serial = this.plan.transforming ? b : withSerial(b, n)
      n += alive(b)
      if (alive(b) > 0) await this.write('results', serial)
      if (limit > 0 && n >= limit && b !== made) {
        this.x.send({ type: 'message', problem: problem('results-truncated', { limit }) })
        return
      }
    }
  }

  private async preview(acc: Accumulator, env: Environment): Promise<void> {
    const began = performance.now()
    const frames: Uint8Array[] = []
    let rows = 0
    for await (const b of previewSearch(this.plan, env, acc.encode())) {
      const part = firstRows(b, PREVIEW_ROWS - rows)
      rows += alive(part)
      frames.push(encodeBatch(part, part.names()))
      if (rows >= PREVIEW_ROWS) break
    }
    this.x.send({ type: 'preview', frames, rows })
    // At most a tenth of the time goes into previews.
    this.nextPreview = performance.now() + Math.max(PREVIEW, 9 * (performance.now() - began))
  }

  private tellRead(range: TimeRange): void {
    const { text } = this.p
    const bar = 'filter' in this.plan.origin ? text : undefined
    const cut = bar === undefined ? -1 : endOfEvents(text)
    this.x.send({
      type: 'read',
      normalizedSearch: text,
      eventSearch: bar === undefined ? undefined : cut < 0 ? text : text.slice(0, cut).trim(),
      reportSearch: this.plan.transforming && cut >= 0 ? text.slice(cut + 1).trim() : undefined,
      transforming: this.plan.transforming,
      eventPipeline: this.plan.eventsEnd === undefined ? undefined : beforePipe(text.slice(0, this.plan.eventsEnd)),
      earliest: Number.isFinite(range.earliest) ? range.earliest : undefined,
      latest: Number.isFinite(range.latest) ? range.latest : undefined,
    })
  }
  private tellProgress(last: boolean): void {
    const now = performance.now()
    if (!last && now - this.told < PROGRESS) return
    this.told = now
    const doneProgress = last ? 1 : this.estimate > 0 ? Math.min(0.99, this.scanned / this.estimate) : 0
    this.x.send({ type: 'progress', scanCount: this.scanned, eventCount: this.matched, doneProgress })
  }
}

const beforePipe = (text: string) => text.trimEnd().replace(/\|$/, '').trimEnd()

const dealt = <T>(all: readonly T[], shares: number): T[][] =>
  Array.from({ length: shares }, (_, k) => all.filter((_x, i) => i % shares === k))

/** A number from a text, for randomness that is the same whenever the sid is. */
export function seedOf(text: string): number {
  let h = 0
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0
  return h
}
