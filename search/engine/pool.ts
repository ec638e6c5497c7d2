import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Problem } from '../../spl/text/problem'
import { problem } from '../../spl/text/problems'
import type { JobMessage } from '../jobs/message'
import { COMMAND, CONTROL, newControl } from '../jobs/message'
import { SHARE } from '../share'
import type { StartSearch } from './protocol'
import type { FromWorker, WorkerHelp, WorkerSearch, WorkerStart } from './worker'

/** What does not obey for so long costs the engine. Milliseconds. */
const OBEY = 2000
/** A paused search keeps its thread but not its place among those that run; threads are at most so many times these. */
const PAUSED_FACTOR = 8

interface Job {
  readonly search: StartSearch
  readonly words: Int32Array
  thread: Thread | undefined
  paused: boolean
  /** Watches that a command or the time limit is obeyed. */
  timer: NodeJS.Timeout | undefined
}
interface Thread {
  readonly worker: Worker
  job: Job | undefined
  /** The scan that it helps with: its words, and the search that it is of. */
  helping: { readonly words: Int32Array; readonly of: Job } | undefined
}

export interface PoolOwner {
  readonly start: WorkerStart
  /** Searches that run at a time. */
  readonly size: number
  indexes(): readonly string[]
  said(run: number, messages: readonly JobMessage[]): void
  log(text: string): void
  /** The search will not end; the process has to. */
  stuck(run: number, p: Problem): void
}

/**
 * Worker threads, started on demand, each busy with one search; the other searches wait as QUEUED. A thread is never terminated: one
 * with a call of sqlite3 or zlib in flight would take the process with it.
 */
export class WorkerPool {
  private readonly threads = new Set<Thread>()
  private readonly waiting: Job[] = []
  private readonly jobs = new Map<number, Job>()
  private closing = false
  constructor(private readonly owner: PoolOwner) {}

  /** Answers whether a thread has begun with it; else that is said once one has. */
  run(search: StartSearch): boolean {
    const job: Job = { search, words: newControl(), thread: undefined, paused: false, timer: undefined }
    Atomics.store(job.words, CONTROL.command, search.command)
    this.jobs.set(search.run, job)
    this.waiting.push(job)
    this.deal(job)
    return job.thread !== undefined
  }
  /** @param command  of `COMMAND` */
  command(run: number, command: number): void {
    const job = this.jobs.get(run)
    if (!job) return
    Atomics.store(job.words, CONTROL.command, command)
    if (command !== COMMAND.cancel) return
    if (job.thread) this.watch(job, OBEY, problem('cancelled', {}))
    else {
      this.waiting.splice(this.waiting.indexOf(job), 1)
      this.jobs.delete(run)
    }
  }
  /** Threads that have nothing to do let go of files that are gone. */
  sweep(): void {
    for (const t of this.threads) if (!t.job && !t.helping) t.worker.postMessage('sweep')
  }
  /** Idle threads end; resolves when all have, those of running searches too. */
  async close(): Promise<void> {
    this.closing = true
    this.waiting.length = 0
    const ends = [...this.threads].map((t) => new Promise((resolve) => t.worker.once('exit', resolve)))
    for (const t of this.threads) t.worker.postMessage('close')
    await Promise.all(ends)
  }

  /** @param asking  whoever brings it is answered whether it has begun */
  private deal(asking?: Job): void {
    while (this.waiting.length > 0 && !this.closing) {
      const idle = this.free()
      if (!idle) {
        // A search that waits goes before help with another.
        for (const t of this.threads) if (t.helping) Atomics.store(t.helping.words, SHARE.yield, 1)
        return
      }
      const job = this.waiting.shift()!
      idle.job = job
      job.thread = idle
      const { maxTimeSeconds } = job.search.request
      if (maxTimeSeconds > 0) this.watch(job, maxTimeSeconds * 1000 + OBEY, problem('time-limit', { seconds: maxTimeSeconds }))
      const m: WorkerSearch = { search: job.search, indexes: this.owner.indexes(), words: job.words }
      idle.worker.postMessage(m)
      if (job !== asking) this.owner.said(job.search.run, [{ type: 'running' }])
    }
  }
  /** A thread for one more search, if one more may run. */
  private free(): Thread | undefined {
    const { size } = this.owner
    const threads = [...this.threads]
    const busy = threads.map((t) => t.job ?? t.helping?.of).filter((job) => job && !job.paused)
    if (busy.length >= size) return undefined
    return threads.find((t) => !t.job && !t.helping) ?? (threads.length < size * PAUSED_FACTOR ? this.open() : undefined)
  }
  private watch(job: Job, milliseconds: number, p: Problem): void {
    clearTimeout(job.timer)
    // A longer wait would come round at once.
    const wait = Math.min(milliseconds, 2 ** 31 - 1)
    job.timer = setTimeout(() => this.owner.stuck(job.search.run, p), wait)
  }

  private open(): Thread {
    const worker = new Worker(join(__dirname, 'worker.js'), { workerData: this.owner.start })
    const thread: Thread = { worker, job: undefined, helping: undefined }
    this.threads.add(thread)
    worker.on('message', (m: FromWorker) => this.hear(thread, m))
    worker.on('error', (e) => this.owner.log(`worker: ${e.stack ?? e.message}`))
    worker.on('exit', () => {
      this.threads.delete(thread)
      const { job } = thread
      if (job) this.over(job, { type: 'failed', problem: problem('internal', {}) })
      else this.deal()
    })
    return thread
  }
  private over(job: Job, last?: JobMessage): void {
    clearTimeout(job.timer)
    this.jobs.delete(job.search.run)
    if (last) this.owner.said(job.search.run, [last])
    this.deal()
  }
  /** Handed to a thread that nothing else waits for; its owner does all by itself when there is none. */
  private help(h: WorkerHelp, of: Job | undefined): void {
    const idle = of && this.waiting.length === 0 && !this.closing ? this.free() : undefined
    if (!of || !idle) {
      h.port.close()
      return
    }
    idle.helping = { words: h.share.words, of }
    idle.worker.postMessage(h, [h.port])
  }
  private hear(thread: Thread, m: FromWorker): void {
    const { job } = thread
    if ('log' in m) this.owner.log(m.log)
    else if ('help' in m) this.help(m.help, job)
    else if ('helped' in m) {
      thread.helping = undefined
      this.deal()
    } else if (!job) return
    else if ('messages' in m) {
      for (const message of m.messages) {
        if (message.type !== 'paused') continue
        job.paused = message.paused
        this.deal()
      }
      this.owner.said(job.search.run, m.messages)
    } else {
      thread.job = undefined
      this.over(job)
    }
  }
}
