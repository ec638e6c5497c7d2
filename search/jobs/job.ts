import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { alive } from '../../spl/batch/batch'
import { decodeBatch } from '../../spl/batch/codec'
import type { Problem } from '../../spl/text/problem'
import { notSupported, problem } from '../../spl/text/problems'
import type { DispatchState, Job, JobAction, JobStatus, Rows, RowsRequest, SearchRequest } from '../head'
import { COMMAND, CONTROL, type JobMessage, newControl } from './message'
import { joined, tableOf } from './rows'
import { SpoolReader } from './spool'

/** What a job needs of where it lives. */
export interface JobHome {
  now(): number
  /** Folder of the job's spools; removed with the job. */
  readonly folder: string
  /** The job was cancelled or its time to live is over: forget it. */
  forget(sid: string): void
}

const ENDED: readonly DispatchState[] = ['DONE', 'FAILED']
/** Rows of one chunk of a stream. */
const CHUNK_ROWS = 1000

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
  private spools: { readonly events: SpoolReader; readonly results: SpoolReader }
  private readonly dispatchTime: number
  private started: number | undefined
  private ended: number | undefined
  private touched: number
  private ttl: number
  private finalized = false
  private readonly lines: string[] = []
  private waiting: (() => void)[] = []

  constructor(
    readonly sid: string,
    readonly request: SearchRequest,
    private readonly home: JobHome,
  ) {
    this.spools = { events: new SpoolReader(join(home.folder, 'events')), results: new SpoolReader(join(home.folder, 'results')) }
    this.dispatchTime = home.now()
    this.touched = this.dispatchTime
    this.ttl = request.ttlSeconds
    this.previewWanted = request.preview
    this.note(`INFO  dispatchRunner - search id=${sid} origin=${request.origin} owner=${request.owner} app=${request.app}`)
  }

  /** Takes in what the execution says. */
  apply(m: JobMessage): void {
    switch (m.type) {
      case 'read':
        this.read = m
        this.state = 'PARSING'
        break
      case 'running':
        this.state = 'RUNNING'
        this.started = this.home.now()
        break
      case 'progress':
        this.counts = m
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
    if (this.over) return
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
    const all = this.waiting
    this.waiting = []
    for (const w of all) w()
  }

  /** Begins anew: the execution was lost before anybody read a row. */
  restart(): void {
    const old = this.spools
    this.spools = { events: new SpoolReader(old.events.path), results: new SpoolReader(old.results.path) }
    Promise.all([old.events.close(), old.results.close()]).catch(() => {})
    this.messages.length = 0
    this.counts = { scanCount: 0, eventCount: 0, doneProgress: 0 }
    this.preview = undefined
    this.state = 'QUEUED'
    this.note('WARN  dispatchRunner - the engine was lost; the search starts again')
    this.wake()
  }

  get folder(): string {
    return this.home.folder
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
      state: this.state,
      dispatchTime: this.dispatchTime,
      earliest: this.read?.earliest,
      latest: this.read?.latest,
      ...this.counts,
      doneProgress: this.over ? 1 : this.counts.doneProgress,
      eventAvailableCount: events.rows,
      resultCount: this.spools.results.rows,
      previewCount: this.over ? this.spools.results.rows : (this.preview?.rows ?? this.spools.results.rows),
      runDuration: this.started === undefined ? 0 : Math.max(0, end - this.started),
      isFinalized: this.finalized,
      isTransforming: this.read?.transforming ?? false,
      messages: this.messages,
      normalizedSearch: this.read?.normalizedSearch ?? this.request.search,
      eventSearch: this.read?.eventSearch,
      reportSearch: this.read?.reportSearch,
      diskUsage: this.spools.events.bytes + this.spools.results.bytes,
      ttlSeconds: this.ttl,
      touched: this.touched,
    }
  }

  async finished(signal?: AbortSignal): Promise<JobStatus> {
    while (!this.over) await this.changed(signal)
    return this.status()
  }
  changed(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal!.reason)
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort, { once: true })
      this.waiting.push(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
    })
  }

  private spool(kind: 'events' | 'results'): SpoolReader {
    return kind === 'events' && this.read?.transforming ? this.spools.events : this.spools.results
  }
  async rows(r: RowsRequest): Promise<Rows> {
    this.touched = this.home.now()
    if (r.search) throw notSupported('a search over the results of a job')
    if (r.kind === 'preview' && !this.over && this.preview) return this.previewRows(r)
    this.rowsRead = true
    const tables: Rows[] = []
    const kind = r.kind === 'preview' ? 'results' : r.kind
    for await (const { batch, from, to } of this.spool(kind).read(r.offset, r.count || Number.POSITIVE_INFINITY)) tables.push(tableOf(batch, from, to, r.fields))
    return tables.length === 0 ? { fields: [], rows: [] } : joined(tables)
  }
  private previewRows(r: RowsRequest): Rows {
    const all = joined((this.preview?.frames ?? []).map((f) => decodeBatch(f)).map((b) => tableOf(b, 0, alive(b), r.fields)))
    return { fields: all.fields, rows: all.rows.slice(r.offset, r.count ? r.offset + r.count : undefined) }
  }
  async *stream(r: Omit<RowsRequest, 'count'>, signal?: AbortSignal): AsyncGenerator<Rows> {
    let at = r.offset
    for (;;) {
      signal?.throwIfAborted()
      const over = this.over
      for await (const { batch, from, to } of this.spool(r.kind === 'events' ? 'events' : 'results').read(at, Number.POSITIVE_INFINITY)) {
        this.rowsRead = true
        for (let i = from; i < to; i += CHUNK_ROWS) yield tableOf(batch, i, Math.min(to, i + CHUNK_ROWS), r.fields)
        at += to - from
      }
      if (over) return
      if (!this.over) await this.changed(signal)
    }
  }

  async control(action: JobAction): Promise<void> {
    this.touched = this.home.now()
    switch (action.action) {
      case 'cancel':
        this.command(COMMAND.cancel)
        this.apply({ type: 'failed', problem: problem('cancelled', {}) })
        this.home.forget(this.sid)
        return
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
      case 'setpriority':
        return
    }
  }
  /** Set by who executes: a job in another process has its words there too. */
  onCommand: ((command: number) => void) | undefined
  private command(c: number): void {
    if (this.over) return
    Atomics.store(this.words, CONTROL.command, c)
    this.onCommand?.(c)
  }
  log(): string {
    return `${this.lines.join('\n')}\n`
  }

  async remove(): Promise<void> {
    await Promise.all([this.spools.events.close(), this.spools.results.close()])
    await rm(this.home.folder, { recursive: true, force: true })
  }
}
