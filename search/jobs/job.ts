import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../spl/text/problem'
import { fail, notSupported, problem } from '../../spl/text/problems'
import {
  type DispatchState,
  type Job,
  type JobAction,
  type JobStatus,
  LISTED_EVENTS,
  type Rows,
  type RowsRequest,
  type SearchRequest,
} from '../head'
import { COMMAND, CONTROL, type JobMessage, newControl } from './message'
import { chunks, page, previewRows } from './rows'
import { SpoolReader } from './spool'

/** What a job needs of where it lives. */
export interface JobHome {
  now(): number
  /** Folder of the job's spools; made when one is written and removed with the job. */
  readonly folder: string
  /** The job was cancelled: forget it. */
  forget(job: SpooledJob): void
}

const ENDED: readonly DispatchState[] = ['DONE', 'FAILED']
interface Spools {
  readonly folder: string
  readonly events: SpoolReader
  readonly results: SpoolReader
}

/** A search and what is known of it: told by its execution through messages, asked by clients. */
export class SpooledJob implements Job {
  /** Words that an execution in this process reads. */
  readonly words = newControl()
  private state: DispatchState = 'QUEUED'
  private readonly messages: Problem[] = []
  private counts = { scanCount: 0, eventCount: 0, doneProgress: 0 }
  private read: Extract<JobMessage, { type: 'read' }> | undefined
  private preview: Extract<JobMessage, { type: 'preview' }> | undefined
  private previewWanted: boolean
  private spools: Spools
  /** Executions so far. */
  private execution = 0
  private removed = false
  private readonly dispatchTime: number
  private started: number | undefined
  private ended: number | undefined
  private touched: number
  private ttl: number
  private finalized = false
  private readonly lines: string[] = []
  private readonly waiting = new Set<() => void>()

  constructor(
    readonly sid: string,
    readonly request: SearchRequest,
    private readonly home: JobHome,
  ) {
    this.spools = this.newSpools()
    this.dispatchTime = home.now()
    this.touched = this.dispatchTime
    this.ttl = request.ttlSeconds
    this.previewWanted = request.preview
    this.note(`INFO  dispatchRunner - search id=${sid} origin=${request.origin} owner=${request.owner} app=${request.app}`)
  }

  /** Each execution has a folder of its own: whoever still reads what another one wrote is not disturbed. */
  private newSpools(): Spools {
    const folder = join(this.home.folder, String(++this.execution))
    return { folder, events: new SpoolReader(join(folder, 'events')), results: new SpoolReader(join(folder, 'results')) }
  }

  /** Takes in what the execution says. What it says after its end (it may not yet know that it was cancelled) is passed over. */
  apply(m: JobMessage): void {
    if (this.over) return
    switch (m.type) {
      case 'parsing':
        this.state = 'PARSING'
        break
      case 'read':
        this.read = m
        break
      case 'running':
        this.state = 'RUNNING'
        this.started = this.home.now()
        break
      case 'progress':
        this.counts = { scanCount: m.scanCount, eventCount: m.eventCount, doneProgress: m.doneProgress }
        break
      case 'rows':
        this.spools[m.spool].add(m.frame)
        break
      case 'preview':
        if (this.previewWanted) this.preview = m
        break
      case 'message':
        this.addMessage(m.problem)
        break
      case 'paused':
        this.state = m.paused ? 'PAUSED' : 'RUNNING'
        break
      case 'done':
        this.finalized = m.finalized
        this.end('DONE')
        break
      case 'failed':
        this.addMessage(m.problem)
        this.end('FAILED')
        break
    }
    this.wake()
  }
  private addMessage(p: Problem): void {
    if (this.messages.some((m) => m.code === p.code && m.message === p.message)) return
    this.messages.push(p)
    this.note(`${p.severity.toUpperCase().padEnd(5)} SearchMessages - ${p.message}`)
  }
  private end(state: 'DONE' | 'FAILED'): void {
    this.state = state
    this.ended = this.home.now()
    this.touched = this.ended
    this.preview = undefined
    this.note(`INFO  dispatchRunner - state=${state} results=${this.spools.results.rows}`)
  }
  private note(text: string): void {
    const t = new Date(this.home.now() * 1000).toISOString()
    this.lines.push(`${t.slice(5, 7)}-${t.slice(8, 10)}-${t.slice(0, 4)} ${t.slice(11, 23)} ${text}`)
  }
  private wake(): void {
    const all = [...this.waiting]
    this.waiting.clear()
    for (const w of all) w()
  }

  /** Begins anew: the execution was lost before anybody read a row. */
  restart(): void {
    rm(this.spools.folder, { recursive: true, force: true }).catch(() => {})
    this.spools = this.newSpools()
    this.messages.length = 0
    this.counts = { scanCount: 0, eventCount: 0, doneProgress: 0 }
    this.read = undefined
    this.preview = undefined
    this.started = undefined
    this.state = 'QUEUED'
    this.note('WARN  dispatchRunner - the engine was lost; the search starts again')
    this.wake()
  }

  /** Of the execution's spools; it is there once a spool is. */
  get folder(): string {
    return this.spools.folder
  }
  /** Whether its execution has begun. */
  get begun(): boolean {
    return this.state !== 'QUEUED'
  }
  get over(): boolean {
    return ENDED.includes(this.state)
  }
  /** Whether any of its rows was given out: then it cannot start again unseen. */
  rowsRead = false
  get expired(): boolean {
    return this.over && this.home.now() > this.touched + this.ttl
  }

  status(): JobStatus {
    const events = this.read?.transforming ? this.spools.events : this.spools.results
    const end = this.ended ?? this.home.now()
    return {
      sid: this.sid,
      request: this.request,
      state: this.shownState,
      dispatchTime: this.dispatchTime,
      earliest: this.read?.earliest,
      latest: this.read?.latest,
      ...this.counts,
      doneProgress: this.over ? 1 : this.counts.doneProgress,
      eventAvailableCount: this.keepsNoEvents ? Math.min(this.counts.eventCount, LISTED_EVENTS) : events.rows,
      resultCount: this.spools.results.rows,
      previewCount: this.over ? this.spools.results.rows : (this.preview?.rows ?? this.spools.results.rows),
      runDuration: this.started === undefined ? 0 : Math.max(0, end - this.started),
      isFinalized: this.finalized,
      isTransforming: this.read?.transforming ?? false,
      messages: [...this.messages],
      normalizedSearch: this.read?.normalizedSearch ?? this.request.search,
      eventSearch: this.read?.eventSearch,
      reportSearch: this.read?.reportSearch,
      eventPipeline: this.read?.eventPipeline,
      diskUsage: this.spools.events.bytes + this.spools.results.bytes,
      ttlSeconds: this.ttl,
      touched: this.touched,
    }
  }

  /** Then they are searched for once more when somebody asks. */
  private get keepsNoEvents(): boolean {
    return this.read?.transforming === true && Number(this.request.echo.status_buckets ?? 0) === 0
  }
  private get shownState(): DispatchState {
    return this.state === 'RUNNING' && this.commanded === COMMAND.finalize ? 'FINALIZING' : this.state
  }

  async finished(signal?: AbortSignal): Promise<JobStatus> {
    while (!this.over) await this.changed(signal)
    return this.status()
  }
  changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const wake = () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const abort = () => {
        this.waiting.delete(wake)
        reject(signal!.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.waiting.add(wake)
    })
  }

  private spool(kind: RowsRequest['kind']): SpoolReader {
    return kind === 'events' && this.read?.transforming ? this.spools.events : this.spools.results
  }
  async rows(r: RowsRequest): Promise<Rows> {
    this.touched = this.home.now()
    if (r.search) throw notSupported('a search over the results of a job')
    if (r.kind === 'preview' && !this.over && this.preview) return previewRows(this.preview.frames, r)
    if (this.removed) throw fail('job-gone', {})
    const spool = this.spool(r.kind)
    // Before the first byte is read: from now on the search cannot start again unseen.
    if (r.kind !== 'preview' && spool.rows > r.offset) this.rowsRead = true
    return page(spool, r).catch((e: unknown) => {
      throw this.removed ? fail('job-gone', {}) : e
    })
  }
  async *stream(r: Omit<RowsRequest, 'count'>, signal?: AbortSignal): AsyncGenerator<Rows> {
    let at = r.offset
    for (;;) {
      signal?.throwIfAborted()
      const { over } = this
      if (this.removed) return
      const spool = this.spool(r.kind)
      if (spool.rows > at) {
        this.rowsRead = true
        for await (const rows of this.kept(chunks(spool, at, r.fields))) {
          yield rows
          this.touched = this.home.now()
          at += rows.rows.length
        }
      }
      if (over) return
      if (this.spool(r.kind).rows <= at && !this.over) await this.changed(signal)
    }
  }
  /** The rows of a job that is removed end where they are. */
  private async *kept(rows: AsyncIterable<Rows>): AsyncGenerator<Rows> {
    try {
      for await (const r of rows) {
        if (this.removed) return
        yield r
      }
    } catch (e) {
      if (!this.removed) throw e
    }
  }

  async control(action: JobAction): Promise<void> {
    this.touched = this.home.now()
    switch (action.action) {
      case 'cancel':
        return this.cancel()
      case 'finalize':
        return this.command(COMMAND.finalize)
      case 'pause':
        return this.command(COMMAND.pause)
      case 'unpause':
        return this.command(COMMAND.run)
      case 'setttl':
        this.ttl = action.ttlSeconds
        return
      case 'save':
        this.ttl = Number.POSITIVE_INFINITY
        return
      case 'unsave':
        this.ttl = this.request.ttlSeconds
        return
      case 'enablepreview':
      case 'disablepreview':
        this.previewWanted = action.action === 'enablepreview'
        return
      case 'touch':
        return
    }
  }
  /** Ends it for good and forgets it. */
  cancel(): void {
    this.command(COMMAND.cancel)
    this.apply({ type: 'failed', problem: problem('cancelled', {}) })
    this.home.forget(this)
  }
  /** Set by who executes: a job in another process has its words there too. */
  onCommand: ((command: number) => void) | undefined
  /** Of `COMMAND`: what it was last told to do. */
  get commanded(): number {
    return Atomics.load(this.words, CONTROL.command)
  }
  private command(c: number): void {
    if (this.over) return
    // A search that is to end is not paused or set going.
    if (this.commanded === COMMAND.finalize && c !== COMMAND.cancel) return
    Atomics.store(this.words, CONTROL.command, c)
    this.onCommand?.(c)
    this.wake()
  }
  log(): string {
    return `${this.lines.join('\n')}\n`
  }

  /** Removes what it keeps on disk. */
  async remove(): Promise<void> {
    this.removed = true
    // Its execution may still write for a moment.
    await rm(this.home.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
