import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchRequest } from '../head'
import { SpooledJob } from './job'

/** Milliseconds between two looks for jobs whose time is over. */
const SWEEP = 5000

/** The jobs of a search head, each with a folder of its own for its spools. */
export class JobTable {
  private readonly byId = new Map<string, SpooledJob>()
  private count = 0
  private readonly timer: NodeJS.Timeout

  /** @param folder  of all jobs, this process's alone; what a crash left in it is removed */
  constructor(
    private readonly folder: string,
    private readonly now: () => number,
  ) {
    mkdirSync(folder, { recursive: true })
    for (const left of readdirSync(folder)) rmSync(join(folder, left), { recursive: true, force: true })
    this.timer = setInterval(() => this.sweep(), SWEEP)
    this.timer.unref()
  }

  create(request: SearchRequest): SpooledJob {
    const job = this.make(request)
    this.add(job)
    return job
  }
  /** A job that nobody finds yet. */
  make(request: SearchRequest): SpooledJob {
    const count = ++this.count
    const sid = request.id ?? `${Math.floor(this.now())}.${count}`
    // By number, not by sid, which the caller chose: it may be '..', too long for a file name, or that of a job that still writes.
    return new SpooledJob(sid, request, { now: this.now, folder: join(this.folder, String(count)), forget: (j) => this.forget(j) })
  }
  add(job: SpooledJob): void {
    // A job under the same id gives way. @source REST API Reference, search/jobs, `id`
    this.byId.get(job.sid)?.cancel()
    this.byId.set(job.sid, job)
  }
  get(sid: string): SpooledJob | undefined {
    return this.byId.get(sid)
  }
  /** Latest first. */
  all(): SpooledJob[] {
    return [...this.byId.values()].reverse()
  }
  private forget(job: SpooledJob): void {
    if (this.byId.get(job.sid) === job) this.byId.delete(job.sid)
    // What its execution may still write goes at the next start.
    job.remove().catch(() => {})
  }
  private sweep(): void {
    for (const job of this.byId.values()) if (job.expired) this.forget(job)
  }
  async close(): Promise<void> {
    clearInterval(this.timer)
    await Promise.allSettled(this.all().map((j) => j.remove()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}
