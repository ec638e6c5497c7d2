import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageFolder } from '../knowledge/package-folder'
import { type Knowledge, loadKnowledge } from '../knowledge/snapshot'
import { NOTHING } from '../spl/batch/demand'
import type { Predicate } from '../spl/expressions/predicate'
import type { Problem } from '../spl/text/problem'
import { SplProblem } from '../spl/text/problem'
import type { SqliteStore } from '../storage/backends/sqlite/store'
import type { EventStore } from '../storage/event-store'
import { ColumnCache } from './columns'
import { executeSearch } from './execute'
import type { EventMeta, IncomingEvent, IndexInfo, Job, ManyResult, RawWriter, SearchHead, SearchRequest } from './head'
import { instanceGuid, keepGuid } from './instance'
import { Intake } from './intake'
import { JobTable } from './jobs/table'
import { searchKnowledge } from './knowledge'
import { LIMITS, type Limits } from './limits'
import { loadLanguage } from './load-language'
import { knowledgeOf } from './many/run-many'
import { runOnThreads } from './many/threads'
import { openIndexes } from './open-store'
import { blocking, readSearch } from './read'
import { parameterRanges } from './resolve'
import { fileSink } from './sink'

export interface HeadOptions {
  /** Folder of the event store; a temporary one, removed at the end, when absent. */
  readonly db?: string
  /** Apps, or folders of apps, beside those that ship. */
  readonly appFolders?: readonly string[]
  /** Fixes the clock: epoch seconds. */
  readonly now?: number
  readonly serverName?: string
  readonly limits?: Partial<Limits>
  /** Where bugs are told: one line each. */
  readonly log?: (text: string) => void
  /** How the store writes; for tests. */
  readonly store?: { readonly blockEvents?: number; readonly minFreeSpace?: number }
}

export interface ManyAsked {
  /** Rows kept of each search; none by default. */
  readonly rows?: number
  /** Cancels those that have not ended. */
  readonly signal?: AbortSignal
  /** Told as soon as a search has ended. */
  readonly onResult?: (result: ManyResult, number: number) => void
}

/** Folders of the apps that come with the package. */
export const shippedApps = (): string => join(packageFolder(), 'data', 'apps')

/** A search head in this process: searches, events and jobs without a fork. */
export class LocalHead implements SearchHead {
  readonly serverName: string
  private ownGuid: string | undefined
  readonly startedAt: number
  private readonly temporary: string | undefined
  private readonly folder: string
  /** Not in the store's folder: a search that reads no events does not lock it, and another process may have its jobs there. */
  private jobsFolder: string | undefined
  private readonly knowledge: Knowledge
  private readonly language = loadLanguage()
  private readonly columns = new ColumnCache()
  private table: JobTable | undefined
  private opening: Promise<{ readonly store: SqliteStore; readonly intake: Intake }> | undefined
  private readonly running = new Set<Promise<void>>()
  private closed = false

  constructor(private readonly options: HeadOptions) {
    this.serverName = options.serverName ?? 'headstand'
    this.startedAt = this.now()
    this.temporary = options.db === undefined ? mkdtempSync(join(tmpdir(), 'headstand-')) : undefined
    this.folder = options.db ?? join(this.temporary!, 'db')
    this.knowledge = loadKnowledge({ appFolders: [shippedApps(), ...(options.appFolders ?? [])] })
  }

  now(): number {
    return this.options.now ?? Date.now() / 1000
  }
  healthy(): boolean {
    return !this.closed
  }
  /** sqlite3 is loaded when the first event is read or written, not before. */
  get guid(): string {
    this.ownGuid ??= instanceGuid(this.folder)
    return this.ownGuid
  }
  private open() {
    this.opening ??= this.openStore()
    return this.opening
  }
  private async openStore() {
    const options = { server: this.serverName, durable: this.temporary === undefined, ...this.options.store }
    const log = this.options.log ?? (() => undefined)
    const store = await openIndexes(this.folder, this.knowledge, options, log)
    keepGuid(this.folder, this.guid)
    return { store, intake: new Intake(store, this.knowledge, () => this.now(), log) }
  }
  private get jobTable(): JobTable {
    if (!this.table) {
      this.jobsFolder = mkdtempSync(join(tmpdir(), 'headstand-jobs-'))
      this.table = new JobTable(this.jobsFolder, () => this.now())
    }
    return this.table
  }

  private reading(request: Pick<SearchRequest, 'search' | 'app' | 'owner'>, now: number) {
    const knowledge = searchKnowledge(this.knowledge, this.language, { app: request.app, user: request.owner, now })
    return { knowledge, read: readSearch(request.search, this.language, knowledge.expand) }
  }

  async start(request: SearchRequest): Promise<Job> {
    const now = request.now ?? this.now()
    const { knowledge, read } = this.reading(request, now)
    const stop = blocking(read.problems)
    if (stop?.phase === 'parse') throw new SplProblem(stop)
    parameterRanges(request, now)
    // The store of a search that asks nothing of it stays closed.
    const first = read.stages[0] && this.language.commands.get(read.stages[0].command)
    const store = (first?.scans || first?.inspects) && !stop ? (await this.open()).store : undefined
    const limits: Limits = { ...LIMITS, ...this.options.limits }
    const job = this.jobTable.create(request)
    const send = (m: Parameters<typeof job.apply>[0]) => job.apply(m)
    const done = executeSearch(
      {
        sid: job.sid,
        request,
        now,
        language: this.language,
        knowledge,
        reader: store,
        columns: this.columns,
        indexes: store?.indexes() ?? [],
        serverName: this.serverName,
        guid: this.guid,
        limits,
        words: job.words,
        sink: fileSink(job.folder, limits.diskBytes, send),
        send,
      },
      this.options.log,
    )
    const tracked: Promise<void> = done.finally(() => this.running.delete(tracked))
    this.running.add(tracked)
    return job
  }
  /**
   * Runs many searches without jobs, each with the result that it would have alone; events are read once for all that can share them.
   * Never rejects for what is wrong with a search: that is its result. @param asked.rows  rows kept of each, from the first on
   */
  async many(requests: readonly SearchRequest[], asked: ManyAsked = {}): Promise<readonly ManyResult[]> {
    const { store } = await this.open()
    const limits = { ...LIMITS, ...this.options.limits }
    const shared = {
      indexes: store.indexes(),
      serverName: this.serverName,
      guid: this.guid,
      limits,
      now: this.now(),
      rows: asked.rows ?? 0,
    }
    const over = {
      ...shared,
      language: this.language,
      knowledge: knowledgeOf(this.knowledge, this.language),
      reader: store,
      ...(asked.signal && { signal: asked.signal }),
      ...(this.options.log && { log: this.options.log }),
    }
    const help = async () =>
      (await mostEvents(store)) >= limits.sharedEvents ? { ...shared, place: store.place, knowledge: this.knowledge } : undefined
    const running = runOnThreads(requests, over, help, asked.onResult)
    const tracked: Promise<void> = running.then(() => undefined).finally(() => this.running.delete(tracked))
    this.running.add(tracked)
    return running
  }
  async check(search: string, owner: string, app: string): Promise<readonly Problem[]> {
    return this.reading({ search, owner, app }, this.now()).read.problems
  }
  job(sid: string): Job | undefined {
    return this.table?.get(sid)
  }
  jobs(): readonly Job[] {
    return this.table?.all() ?? []
  }

  async ingest(events: readonly IncomingEvent[], signal?: AbortSignal): Promise<void> {
    await (await this.open()).intake.take(events, signal)
  }
  async raw(meta: EventMeta): Promise<RawWriter> {
    return (await this.open()).intake.raw(meta)
  }
  async indexes(): Promise<readonly IndexInfo[]> {
    return indexInfos((await this.open()).store)
  }
  async createIndex(name: string): Promise<void> {
    await (await this.open()).store.createIndex(name)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const j of this.jobs()) if (!['DONE', 'FAILED'].includes(j.status().state)) await j.control({ action: 'cancel' })
    await Promise.allSettled(this.running)
    await this.table?.close()
    // A store that could not be opened has told whoever asked for it.
    const opened = await this.opening?.catch(() => undefined)
    await opened?.store.close()
    for (const folder of [this.temporary, this.jobsFolder]) if (folder) rmSync(folder, { recursive: true, force: true })
  }
}

/** Of all indexes. */
async function mostEvents(store: EventStore): Promise<number> {
  const { snapshot } = await store.open({ ...EVERYWHERE, filter: ALWAYS, hints: undefined, demand: NOTHING })
  await store.release(snapshot)
  return snapshot.most
}
const ALL_INDEXES = ['*', '_*']
const EVERYWHERE = {
  indexes: ALL_INDEXES,
  allowed: ALL_INDEXES,
  earliest: Number.NEGATIVE_INFINITY,
  latest: Number.POSITIVE_INFINITY,
}
const ALWAYS: Predicate = { id: 0, span: { start: 0, end: 0 }, always: true }

/** What there is to say of each index. */
export async function indexInfos(store: EventStore): Promise<readonly IndexInfo[]> {
  const { indexes } = await store.describe(EVERYWHERE)
  return indexes.map((i) => ({
    name: i.name,
    internal: i.name.startsWith('_'),
    eventCount: i.events,
    earliest: i.earliest,
    latest: i.latest,
    sizeOnDisk: i.diskBytes,
  }))
}
