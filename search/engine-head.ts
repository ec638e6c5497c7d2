import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { type Knowledge, loadKnowledge } from '../knowledge/snapshot'
import { type Problem, SplProblem } from '../spl/text/problem'
import { problem } from '../spl/text/problems'
import type { EngineNews } from './engine/engine-process'
import { encodeChunk, encodeEvents } from './engine/event-frame'
import { EngineKeeper, RESTARTS } from './engine/keeper'
import type { EngineSettings } from './engine/protocol'
import {
  Busy,
  type EventMeta,
  type IncomingEvent,
  type IndexInfo,
  type Job,
  type RawWriter,
  type SearchHead,
  type SearchRequest,
} from './head'
import { instanceGuid, keepGuid } from './instance'
import type { SpooledJob } from './jobs/job'
import { COMMAND } from './jobs/message'
import { JobTable } from './jobs/table'
import { LIMITS } from './limits'
import { type HeadOptions, shippedApps } from './local-head'
import { parameterRanges } from './resolve'

/** At an orderly end, what runs and what is in flight may take so long; then it is failed. Milliseconds. */
const PATIENCE = 1500
/** A search that was under way in so many engines that were lost is not started again: it may be the cause. */
const ATTEMPTS = 3
/** The engine is replaced when its resident memory passes this. */
const MEMORY = Math.min(4e9, totalmem() / 2)

export interface EngineOptions extends HeadOptions {
  /** Path of the built engine. */
  readonly program?: string
  /** Resident bytes of the engine past which it is replaced. */
  readonly memoryBytes?: number
  /** Milliseconds before each next start while engines end at once. */
  readonly restarts?: readonly number[]
}

/** A search that an engine has, or will have. */
interface Running {
  readonly job: SpooledJob
  readonly now: number
  /** Number of its execution. */
  run: number
  /** Executions that began. */
  attempts: number
}

/** A search head whose searches and events are in a child process: this process stays free to answer, whatever a search does. */
export class EngineHead implements SearchHead {
  readonly serverName: string
  readonly guid: string
  readonly startedAt: number
  private readonly temporary: string | undefined
  private readonly db: string
  private readonly keeper: EngineKeeper
  private table: JobTable | undefined
  /** By the number of the execution. */
  private readonly running = new Map<number, Running>()
  /** What waits for another engine. */
  private interrupted: Running[] = []
  private next = 0
  private closing: Promise<void> | undefined

  private constructor(private readonly options: EngineOptions) {
    this.serverName = options.serverName ?? 'headstand'
    this.startedAt = this.now()
    const knowledge = loadKnowledge({ appFolders: [shippedApps(), ...(options.appFolders ?? [])] })
    this.temporary = options.db === undefined ? mkdtempSync(join(tmpdir(), 'headstand-')) : undefined
    this.db = options.db ?? join(this.temporary!, 'db')
    mkdirSync(this.db, { recursive: true })
    this.guid = instanceGuid(this.db)
    this.keeper = new EngineKeeper({
      program: options.program ?? join(__dirname, 'engine.js'),
      settings: this.settings(knowledge),
      memoryBytes: options.memoryBytes ?? MEMORY,
      restarts: options.restarts ?? RESTARTS,
      log: (text) => options.log?.(text),
      news: (m) => this.hear(m),
      lost: () => this.lost(),
      up: () => this.up(),
      gaveUp: () => this.gaveUp(),
    })
  }
  private settings(knowledge: Knowledge): EngineSettings {
    return {
      db: this.db,
      durable: this.temporary === undefined,
      serverName: this.serverName,
      guid: this.guid,
      knowledge,
      limits: { ...LIMITS, ...this.options.limits },
      now: this.options.now,
      workers: Math.max(1, availableParallelism()),
    }
  }

  /** Starts the engine; resolves when it takes searches and events. @throws StoreError when its folder cannot be opened */
  static async start(options: EngineOptions = {}): Promise<EngineHead> {
    const head = new EngineHead(options)
    try {
      await head.keeper.start()
      // Not before: only now is the folder this process's, and what is left in it nobody's.
      keepGuid(head.db, head.guid)
      head.table = new JobTable(join(head.temporary ?? head.db, 'dispatch'), () => head.now())
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
    return !this.closing && this.keeper.ready
  }
  /** Process id of the engine, for tests that kill it. */
  get enginePid(): number | undefined {
    return this.keeper.pid
  }

  private hear(m: Exclude<EngineNews, { readonly resident: number }>): void {
    if ('stuck' in m) {
      this.end(m.stuck, m.problem)
      this.keeper.replace('a search does not stop')
      return
    }
    const running = this.running.get(m.run)
    if (!running) return
    for (const message of m.messages) running.job.apply(message)
    if (running.job.over) this.running.delete(m.run)
  }
  /** The search has ended for its clients, whatever the engine does with it. */
  private end(run: number, p: Problem): void {
    this.running.get(run)?.job.apply({ type: 'failed', problem: p })
    this.running.delete(run)
  }

  /** Searches whose rows nobody has read start again in the next engine. */
  private lost(): void {
    for (const r of this.running.values()) {
      const { job } = r
      if (job.begun) r.attempts++
      if (job.rowsRead || r.attempts >= ATTEMPTS) job.apply({ type: 'failed', problem: problem('engine-lost', {}) })
      else {
        job.restart()
        this.interrupted.push(r)
      }
    }
    this.running.clear()
  }
  private up(): void {
    const again = this.interrupted
    this.interrupted = []
    for (const r of again) void this.launch(r).then((refused) => refused && this.end(r.run, refused))
  }
  private gaveUp(): void {
    for (const { job } of this.interrupted) job.apply({ type: 'failed', problem: problem('engine-lost', {}) })
    this.interrupted = []
  }

  async start(request: SearchRequest): Promise<Job> {
    this.engine()
    const now = request.now ?? this.now()
    parameterRanges(request, now)
    const job = this.table!.make(request)
    const r: Running = { job, now, run: 0, attempts: 0 }
    job.onCommand = (command) => this.command(r, command)
    const refused = await this.launch(r)
    if (refused) {
      this.running.delete(r.run)
      throw new SplProblem(refused)
    }
    if (this.closing) throw new Busy('the search head is being closed')
    this.table!.add(job)
    return job
  }
  /** Answers what is wrong with the search, where it cannot be read. */
  private async launch(r: Running): Promise<Problem | undefined> {
    const { job, now } = r
    if (job.over) return undefined
    const run = ++this.next
    r.run = run
    this.running.set(run, r)
    const search = { run, sid: job.sid, request: job.request, now, folder: job.folder, command: job.commanded }
    try {
      const { refused, begun } = await this.keeper.up().ask({ ask: 'start', search })
      // It counts as begun for `lost` also while its thread is too busy to say so.
      if (begun && !job.begun) job.apply({ type: 'running' })
      return refused
    } catch (e) {
      // A lost engine is seen to by `lost`.
      if (!(e instanceof Busy)) this.end(run, problem('internal', {}))
      return undefined
    }
  }
  private command(r: Running, command: number): void {
    this.keeper.tell({ command, run: r.run })
    if (command === COMMAND.cancel) this.running.delete(r.run)
  }
  async check(search: string, owner: string, app: string): Promise<readonly Problem[]> {
    return this.engine().ask({ ask: 'check', search, owner, app, now: this.now() })
  }
  job(sid: string): Job | undefined {
    return this.table?.get(sid)
  }
  jobs(): readonly Job[] {
    return this.table?.all() ?? []
  }
  /** @throws Busy */
  private engine() {
    if (this.closing) throw new Busy('the search head is being closed')
    return this.keeper.up()
  }

  async ingest(events: readonly IncomingEvent[], signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await this.engine().write((id) => encodeEvents(id, events))
  }
  async raw(meta: EventMeta): Promise<RawWriter> {
    const engine = this.engine()
    const stream = ++this.next
    await engine.ask({ ask: 'raw', stream, meta })
    let written: Promise<unknown> = Promise.resolve()
    return {
      write: async (chunk) => {
        const taken = engine.write((id) => encodeChunk(id, stream, chunk))
        // The end goes another way than the bytes, and must not be there before them.
        written = Promise.allSettled([written, taken])
        await taken
      },
      end: async () => {
        await written
        return engine.ask({ ask: 'rawEnd', stream })
      },
      abort: () => engine.tell({ rawAbort: stream }),
    }
  }
  async indexes(): Promise<readonly IndexInfo[]> {
    return this.engine().ask({ ask: 'indexes' })
  }
  async createIndex(name: string): Promise<void> {
    await this.engine().ask({ ask: 'createIndex', name })
  }

  /** Running searches and calls in flight get a moment to end, then they are failed; the engine writes what it has and ends. */
  close(): Promise<void> {
    this.closing ??= this.shut()
    return this.closing
  }
  private async shut(): Promise<void> {
    this.keeper.refuse()
    const jobs = [...this.running.values(), ...this.interrupted].map((r) => r.job)
    await within(PATIENCE, Promise.all([this.keeper.idle(), ...jobs.map((j) => j.finished())]))
    for (const j of jobs) if (!j.over) j.cancel()
    await this.keeper.stop()
    await this.table?.close()
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
