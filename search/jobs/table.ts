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

  /** @param folder  of all jobs; what a crash left in it is removed */
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
    const sid = request.id ?? `${Math.floor(this.now())}.${++this.count}`
    // A job under the same id gives way. @source REST API Reference, search/jobs, `id`
    const old = this.byId.get(sid)
    if (old) this.forget(sid)
    const folder = join(this.folder, encodeURIComponent(sid) + (old ? `-${++this.count}` : ''))
    mkdirSync(folder, { recursive: true })
    const job = new SpooledJob(sid, request, { now: this.now, folder, forget: (id) => this.forget(id) })
    this.byId.set(sid, job)
    return job
  }
  get(sid: string): SpooledJob | undefined {
    return this.byId.get(sid)
  }
  /** Latest first. */
  all(): SpooledJob[] {
    return [...this.byId.values()].reverse()
  }
  private forget(sid: string): void {
    const job = this.byId.get(sid)
    this.byId.delete(sid)
    // Its execution may still write for a moment: what it leaves goes at the next start.
    job?.remove().catch(() => {})
  }
  private sweep(): void {
    for (const [sid, job] of this.byId) if (job.expired) this.forget(sid)
  }
  async close(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all(this.all().map((j) => j.remove()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}
