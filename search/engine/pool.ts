import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { JobMessage } from '../jobs/message'
import { COMMAND, CONTROL, newControl } from '../jobs/message'
import type { StartSearch } from './protocol'
import type { FromWorker, WorkerSearch, WorkerStart } from './worker'

/** What does not obey for so long costs the engine. */
const OBEY_MILLISECONDS = 2000

interface Job {
  readonly search: StartSearch
  readonly words: Int32Array
  thread: Thread | undefined
  /** Watches that a command or the time limit is obeyed. */
  timer: NodeJS.Timeout | undefined
}
interface Thread {
  readonly worker: Worker
  job: Job | undefined
}

export interface PoolOwner {
  readonly start: WorkerStart
  readonly size: number
  indexes(): readonly string[]
  said(sid: string, m: JobMessage): void
  log(text: string): void
  stuck(sid: string): void
}

/**
 * Worker threads, started on demand, each busy with one search; the other searches wait as QUEUED. A thread is never terminated: one
 * with a call of sqlite3 or zlib in flight would take the process with it.
 */
export class WorkerPool {
  private readonly threads: Thread[] = []
  private readonly waiting: Job[] = []
  private readonly jobs = new Map<string, Job>()
  constructor(private readonly owner: PoolOwner) {}

  run(search: StartSearch): void {
    const job: Job = { search, words: newControl(), thread: undefined, timer: undefined }
    this.jobs.set(search.sid, job)
    this.waiting.push(job)
    this.deal()
  }
  /** @param command  of `COMMAND` */
  command(sid: string, command: number): void {
    const job = this.jobs.get(sid)
    if (!job) return
    Atomics.store(job.words, CONTROL.command, command)
    if (command !== COMMAND.cancel) return
    if (job.thread) this.watch(job, OBEY_MILLISECONDS)
    else {
      this.waiting.splice(this.waiting.indexOf(job), 1)
      this.jobs.delete(sid)
    }
  }
  get busy(): boolean {
    return this.jobs.size > 0
  }
  close(): void {
    for (const t of this.threads) t.worker.postMessage('close')
  }

  private deal(): void {
    while (this.waiting.length > 0) {
      const idle = this.threads.find((t) => !t.job) ?? (this.threads.length < this.owner.size ? this.open() : undefined)
      if (!idle) return
      const job = this.waiting.shift()!
      idle.job = job
      job.thread = idle
      const limit = job.search.request.maxTimeSeconds
      if (limit > 0) this.watch(job, limit * 1000 + OBEY_MILLISECONDS)
      const m: WorkerSearch = { search: job.search, indexes: this.owner.indexes(), words: job.words }
      idle.worker.postMessage(m)
    }
  }
  private watch(job: Job, milliseconds: number): void {
    clearTimeout(job.timer)
    job.timer = setTimeout(() => this.owner.stuck(job.search.sid), milliseconds)
  }

  private open(): Thread {
    const worker = new Worker(join(__dirname, 'worker.js'), { workerData: this.owner.start })
    const thread: Thread = { worker, job: undefined }
    this.threads.push(thread)
    worker.on('message', (m: FromWorker) => this.hear(thread, m))
    // A thread that dies has lost its search; its memory may be what killed it.
    worker.on('error', (e) => {
      this.owner.log(`worker: ${e.stack ?? e.message}`)
      if (thread.job) this.owner.stuck(thread.job.search.sid)
    })
    worker.on('exit', () => this.threads.splice(this.threads.indexOf(thread), 1))
    return thread
  }
  private hear(thread: Thread, m: FromWorker): void {
    const { job } = thread
    if ('log' in m) this.owner.log(m.log)
    else if ('message' in m) {
      if (job) this.owner.said(job.search.sid, m.message)
    } else if (job) {
      clearTimeout(job.timer)
      this.jobs.delete(job.search.sid)
      thread.job = undefined
      this.deal()
    }
  }
}
