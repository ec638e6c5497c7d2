import { alive, type Batch } from '../spl/batch/batch'
import { encodeBatch } from '../spl/batch/codec'
import { dictionaries } from '../spl/batch/dictionary'
import { materialise } from '../spl/batch/gather'
import type { Predicate } from '../spl/expressions/predicate'
import { type Plan, planSearch } from '../spl/plan/plan'
import type { Environment } from '../spl/run/environment'
import { generated, previewSearch, runSearch } from '../spl/run/run'
import type { Scanned, ScanSource, ScanWatch } from '../spl/run/scan'
import type { Accumulator } from '../spl/syntax/behaviour'
import { SplProblem } from '../spl/text/problem'
import { fail, problem } from '../spl/text/problems'
import type { Source } from '../spl/text/source'
import type { Zone } from '../spl/values/time/zone'
import { TextMissing } from '../storage/event-store'
import { EventScan, type ScanOwner } from './event-scan'
import { DEFAULT_WAYS, type Execution, type Ways } from './execution'
import { COMMAND, CONTROL, type JobMessage } from './jobs/message'
import { keptEvents } from './kept-events'
import { keptPlan } from './kept-plans'
import { atOrigin, blocking, endOfEvents, readSearch } from './read'
import { parameterRanges, resolveFilter, type TimeRange, zoneOf } from './resolve'
import { firstRows, withSerial } from './result-rows'
import { storeFacts } from './store-facts'

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
    const { optimize } = x.ways ?? DEFAULT_WAYS
    const plan = optimize ? keptPlan(read.stages, x.language) : planSearch(read.stages, x.language, { optimize })
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
  await running?.cleanUp().catch((e: unknown) => log(`search ${x.sid}: ${String(e)}`))
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

/** One search under way. */
class Running {
  private scanned = 0
  private matched = 0
  private told = performance.now()
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
    const { filter, range } = this.resolve()
    this.tellRead(range)
    const env = this.environment(range)
    this.x.send({ type: 'running' })
    try {
      await this.pass(filter, env, false)
    } catch (e) {
      if (!(e instanceof TextMissing)) throw e
      // Nothing has come out yet: a scan whose rows only accumulate is begun anew, with all texts.
      this.scanned = 0
      this.matched = 0
      await this.scan?.cleanUp()
      await this.pass(filter, env, true)
    }
    await Promise.all(this.pending)
    this.tellProgress(true)
    return this.finalized
  }
  private async pass(filter: Predicate | undefined, env: Environment, withTexts: boolean): Promise<void> {
    const scan = new EventScan(this.x, this.plan, this.scanOwner(), withTexts)
    this.scan = scan
    try {
      await this.keep(await this.rows(scan, filter, env))
    } finally {
      scan.end()
    }
  }
  private scan: EventScan | undefined
  private scanOwner(): ScanOwner {
    return {
      kept: this.kept,
      eventMaps: this.eventMaps,
      keepsEvents: () => this.plan.transforming && this.eventsKept < this.kept.most,
      counted: (scanned, matched) => {
        this.matched += matched
        this.scanned += scanned
        this.tellProgress(false)
      },
      keepEvents: (b) => this.keepEvents(b),
      report: (p) => this.x.send({ type: 'message', problem: p }),
    }
  }
  private get eventMaps(): number {
    return Math.min(this.plan.eventStages - 1, this.plan.fragment.maps.length)
  }
  private async rows(scan: EventScan, filter: Predicate | undefined, env: Environment): Promise<AsyncIterable<Batch>> {
    const { plan } = this
    const sources = 'filter' in plan.origin ? await scan.sources(filter!, env) : generated(plan.origin.generate, env, this.ways.tasks)
    const { carry } = this.ways
    const elsewhere = scan.elsewhere()
    return runSearch({
      plan,
      env,
      sources: sources.map((s, i) => this.watched(s, i)),
      watch: this.watch(env),
      ...(carry && { carry }),
      ...(elsewhere && { elsewhere: () => elsewhere }),
    })
  }
  /** After the answer, which does not wait for it. */
  async cleanUp(): Promise<void> {
    await this.scan?.cleanUp()
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
    const estimate = this.scan?.estimate ?? 0
    const doneProgress = last ? 1 : estimate > 0 ? Math.min(0.99, this.scanned / estimate) : 0
    this.x.send({ type: 'progress', scanCount: this.scanned, eventCount: this.matched, doneProgress })
  }
}

const beforePipe = (text: string) => text.trimEnd().replace(/\|$/, '').trimEnd()

/** A number from a text, for randomness that is the same whenever the sid is. */
export function seedOf(text: string): number {
  let h = 0
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0
  return h
}
