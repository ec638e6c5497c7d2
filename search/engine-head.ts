import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { type Knowledge, loadKnowledge } from '../knowledge/snapshot'
import { type Problem, SplProblem } from '../spl/text/problem'
import { problem } from '../spl/text/problems'
import { findZone, UTC } from '../spl/values/time/zone'
import { StoreError } from '../storage/event-store'
import { encodeChunk, encodeEvents } from './engine/event-frame'
import type { Answers, Ask, ErrorKind, FromEngine, StartSearch, ToEngine } from './engine/protocol'
import { LIMITS } from './execute'
import { Busy, type EventMeta, type IncomingEvent, type IndexInfo, type Job, type RawWriter, type SearchHead, type SearchRequest, UnknownIndex } from './head'
import type { SpooledJob } from './jobs/job'
import { COMMAND } from './jobs/message'
import { JobTable } from './jobs/table'
import { type HeadOptions, shippedApps } from './local-head'
import { parameterRange } from './resolve'

/** glibc gives freed pages back and faults them in again: these settings are worth up to 2× in decompression and full-text inserts. */
const MALLOC = { MALLOC_TRIM_THRESHOLD_: '1000000000', MALLOC_TOP_PAD_: '67108864', MALLOC_MMAP_THRESHOLD_: '1000000000' }
/** An engine that gives no sign of life for so long is replaced. It gives one every half second. */
const SILENCE = 10_000
/** An orderly end may take so long; then what runs is failed. */
const PATIENCE = 3000
/** A search that was running in so many engines that were lost is not started again. */
const ATTEMPTS = 2
/** The engine is replaced when its resident memory passes this. */
const MEMORY = Math.min(4e9, totalmem() / 2)

export interface EngineOptions extends HeadOptions {
  /** Path of the built engine. */
  readonly program?: string
}

interface Waiting {
  resolve(answer: unknown): void
  reject(e: Error): void
}

/** One engine process and what it still owes. */
interface Engine {
  readonly child: ChildProcess
  readonly pipe: Writable
  readonly waiting: Map<number, Waiting>
  heard: number
  ready: boolean
  gone: boolean
}

/** A search head whose searches and events are in a child process: this process stays free to answer, whatever a search does. */
export class EngineHead implements SearchHead {
  readonly serverName: string
  readonly guid = randomUUID().toUpperCase()
  readonly startedAt: number
  private readonly temporary: string | undefined
  private readonly db: string
  private readonly knowledge: Knowledge
  private readonly table: JobTable
  private readonly searches = new Map<string, { readonly search: StartSearch; readonly job: SpooledJob; attempts: number }>()
  private engine: Engine | undefined
  private next = 0
  private stopping = false
  private readonly alive: NodeJS.Timeout

  private constructor(private readonly options: EngineOptions) {
    this.serverName = options.serverName ?? 'headstand'
    this.startedAt = this.now()
    this.temporary = options.db === undefined ? mkdtempSync(join(tmpdir(), 'headstand-')) : undefined
    this.db = options.db ?? join(this.temporary!, 'db')
    mkdirSync(this.db, { recursive: true })
    this.knowledge = loadKnowledge({ appFolders: [shippedApps(), ...(options.appFolders ?? [])] })
    this.table = new JobTable(this.temporary ? join(this.temporary, 'dispatch') : join(this.db, 'dispatch'), () => this.now())
    this.alive = setInterval(() => this.lookAfter(), 1000)
    this.alive.unref()
  }

  /** Starts the engine; resolves when it takes searches and events. @throws StoreError when its folder cannot be opened */
  static async start(options: EngineOptions = {}): Promise<EngineHead> {
    const head = new EngineHead(options)
    try {
      await head.fork()
      return head
    } catch (e) {
      await head.close()
      throw e
    }
  }

  now(): number {
    return this.options.now ?? Date.now() / 1000
  }
  healthy(): boolean {
    return !this.stopping && this.engine?.ready === true
  }
  /** Process id of the engine, for tests that kill it. */
  get enginePid(): number | undefined {
    return this.engine?.child.pid
  }
  private log(text: string): void {
    this.options.log?.(text)
  }

  private async fork(): Promise<void> {
    const program = this.options.program ?? join(__dirname, 'engine.js')
    const child = fork(program, [], { serialization: 'advanced', env: { ...process.env, ...MALLOC }, stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'] })
    const engine: Engine = { child, pipe: child.stdio[4] as Writable, waiting: new Map(), heard: performance.now(), ready: false, gone: false }
    this.engine = engine
    // A pipe to a process that is gone says so here; the exit says the rest.
    engine.pipe.on('error', () => {})
    child.on('message', (m: FromEngine) => this.hear(engine, m))
    child.on('error', () => this.lost(engine))
    child.on('exit', () => this.lost(engine))
    const settings = {
      db: this.db,
      durable: this.temporary === undefined,
      serverName: this.serverName,
      knowledge: this.knowledge,
      limits: { ...LIMITS, ...this.options.limits },
      now: this.options.now,
      workers: Math.max(1, availableParallelism()),
    }
    await this.ask(engine, { ask: 'open', settings })
    engine.ready = true
  }

  private hear(engine: Engine, m: FromEngine): void {
    engine.heard = performance.now()
    if ('job' in m) {
      const running = this.searches.get(m.job)
      if (!running || this.engine !== engine) return
      running.job.apply(m.message)
      if (running.job.over) this.searches.delete(m.job)
    } else if ('resident' in m) {
      if (m.resident > MEMORY) this.replace(engine, `it holds ${Math.round(m.resident / 1e6)} MB`)
    } else if ('stuck' in m) this.stuck(engine, m.stuck)
    else {
      const waiting = engine.waiting.get(m.id)
      engine.waiting.delete(m.id)
      if ('error' in m) waiting?.reject(errorFrom(m.error))
      else waiting?.resolve(m.answer)
    }
  }
  /** A search that does not obey has ended for its clients; only a new engine ends it for good. */
  private stuck(engine: Engine, sid: string): void {
    this.searches.get(sid)?.job.apply({ type: 'failed', problem: problem('engine-lost', {}) })
    this.searches.delete(sid)
    this.replace(engine, `search ${sid} does not stop`)
  }
  private replace(engine: Engine, why: string): void {
    if (engine.gone) return
    this.log(`engine ${engine.child.pid} is replaced: ${why}`)
    engine.ready = false
    engine.child.kill('SIGKILL')
  }
  private lookAfter(): void {
    const { engine } = this
    if (engine && !engine.gone && engine.ready && performance.now() - engine.heard > SILENCE) this.replace(engine, 'it gives no sign of life')
  }

  /** The process has ended: what it owed is refused, searches whose rows nobody has read start again in a new one. */
  private lost(engine: Engine): void {
    if (engine.gone) return
    engine.gone = true
    const { ready } = engine
    engine.ready = false
    for (const w of engine.waiting.values()) w.reject(new Busy('the engine was lost'))
    engine.waiting.clear()
    if (this.stopping || this.engine !== engine) return
    this.log('engine lost; starting another')
    const opened = this.everOpened || ready
    const again = this.interrupted()
    this.everOpened = opened
    if (!opened) return
    this.fork().then(
      () => again.forEach((s) => this.run(s)),
      (e: unknown) => {
        this.log(`engine: ${e instanceof Error ? e.message : String(e)}`)
        for (const s of again) s.job.apply({ type: 'failed', problem: problem('engine-lost', {}) })
        this.lost(this.engine!)
      },
    )
  }
  private everOpened = false
  private interrupted() {
    const again: { readonly search: StartSearch; readonly job: SpooledJob; attempts: number }[] = []
    for (const [sid, s] of this.searches) {
      if (s.job.over) continue
      if (s.job.rowsRead || s.attempts >= ATTEMPTS) {
        s.job.apply({ type: 'failed', problem: problem('engine-lost', {}) })
        this.searches.delete(sid)
      } else {
        s.job.restart()
        again.push(s)
      }
    }
    return again
  }

  private ask<A extends Ask>(engine: Engine | undefined, a: A): Promise<Answers[A['ask']]> {
    return new Promise((resolve, reject) => {
      if (!engine || engine.gone || !engine.child.connected) return reject(new Busy('no engine is up'))
      const id = ++this.next
      engine.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
      engine.child.send({ id, ...a } satisfies ToEngine)
    })
  }
  /** The engine that takes searches and events. @throws Busy */
  private up(): Engine {
    if (!this.healthy()) throw new Busy('no engine is up')
    return this.engine!
  }

  async start(request: SearchRequest): Promise<Job> {
    const engine = this.up()
    const now = request.now ?? this.now()
    parameterRange(request.earliest, request.latest, now, (request.timeZone ? findZone(request.timeZone) : undefined) ?? UTC)
    const problems = await this.ask(engine, { ask: 'check', search: request.search, owner: request.owner, app: request.app, now })
    const stop = problems.find((p) => p.phase === 'parse' && (p.severity === 'fatal' || p.severity === 'error'))
    if (stop) throw new SplProblem(stop)
    const job = this.table.create(request)
    const running = { search: { sid: job.sid, request, now, folder: job.folder }, job, attempts: 0 }
    this.searches.set(job.sid, running)
    job.onCommand = (command) => this.command(job, command)
    this.run(running)
    return job
  }
  private run(s: { readonly search: StartSearch; readonly job: SpooledJob; attempts: number }): void {
    s.attempts++
    this.ask(this.engine, { ask: 'start', search: s.search }).then(
      ({ refused }) => refused && s.job.apply({ type: 'failed', problem: refused }),
      // A lost engine is seen to by `lost`.
      (e: unknown) => e instanceof Busy || s.job.apply({ type: 'failed', problem: problem('internal', {}) }),
    )
  }
  private command(job: SpooledJob, command: number): void {
    if (command === COMMAND.cancel) this.searches.delete(job.sid)
    const { engine } = this
    if (engine?.child.connected) engine.child.send({ command, sid: job.sid } satisfies ToEngine)
  }
  async check(search: string, owner: string, app: string): Promise<readonly Problem[]> {
    return this.ask(this.up(), { ask: 'check', search, owner, app, now: this.now() })
  }
  job(sid: string): Job | undefined {
    return this.table.get(sid)
  }
  jobs(): readonly Job[] {
    return this.table.all()
  }

  /** Waits where the pipe is full. */
  private write(engine: Engine, frame: (id: number) => Buffer, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const id = ++this.next
      engine.waiting.set(id, { resolve: () => resolve(), reject })
      engine.pipe.write(frame(id))
    })
  }
  async ingest(events: readonly IncomingEvent[], signal?: AbortSignal): Promise<void> {
    await this.write(this.up(), (id) => encodeEvents(id, events), signal)
  }
  async raw(meta: EventMeta): Promise<RawWriter> {
    const engine = this.up()
    const stream = ++this.next
    await this.ask(engine, { ask: 'raw', stream, meta })
    return {
      write: (chunk) => this.write(engine, (id) => encodeChunk(id, stream, chunk)),
      end: () => this.ask(engine, { ask: 'rawEnd', stream }),
      abort: () => {
        if (engine.child.connected) engine.child.send({ rawAbort: stream } satisfies ToEngine)
      },
    }
  }
  async indexes(): Promise<readonly IndexInfo[]> {
    return this.ask(this.up(), { ask: 'indexes' })
  }
  async createIndex(name: string): Promise<void> {
    await this.ask(this.up(), { ask: 'createIndex', name })
  }

  /** Running searches get a moment to end, then they are cancelled; the engine writes what it has and ends. */
  async close(): Promise<void> {
    if (this.stopping) return
    this.stopping = true
    clearInterval(this.alive)
    const running = [...this.searches.values()].map((s) => s.job)
    await within(PATIENCE / 2, Promise.all(running.map((j) => j.finished())))
    for (const j of running) if (!j.over) await j.control({ action: 'cancel' })
    const { engine } = this
    if (engine && !engine.gone) {
      const ended = new Promise<void>((resolve) => engine.child.once('exit', () => resolve()))
      this.ask(engine, { ask: 'close' }).catch(() => {})
      await within(PATIENCE / 2, ended)
      if (!engine.gone) {
        engine.child.kill('SIGKILL')
        await ended
      }
    }
    await this.table.close()
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true })
  }
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work.then(() => {}), limit]).finally(() => clearTimeout(timer))
}

function errorFrom(e: ErrorKind): Error {
  switch (e.kind) {
    case 'problem':
      return new SplProblem(e.problem)
    case 'busy':
      return new Busy(e.text)
    case 'unknown-index':
      return new UnknownIndex(e.index, e.eventNumber)
    case 'store':
      return new StoreError(e.code as StoreError['code'], e.text)
    case 'bug':
      return new Error(e.text)
  }
}
