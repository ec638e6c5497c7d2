/** The engine: the child process that holds the store, takes events and runs searches. It is told what to do by its parent. */
import { Socket } from 'node:net'
import { SplProblem } from '../../spl/text/problem'
import type { SqliteStore } from '../../storage/backends/sqlite/store'
import { StoreError } from '../../storage/event-store'
import { Busy, type RawWriter, UnknownIndex } from '../head'
import { Intake } from '../intake'
import { COMMAND } from '../jobs/message'
import { searchKnowledge } from '../knowledge'
import { loadLanguage } from '../load-language'
import { indexInfos } from '../local-head'
import { openIndexes } from '../open-store'
import { blocking, readSearch } from '../read'
import { type EventFrame, FrameReader } from './event-frame'
import { WorkerPool } from './pool'
import type { Answers, Ask, EngineSettings, ErrorKind, FromEngine, ToEngine } from './protocol'

/** File descriptor of the pipe that events come by. */
const EVENTS_FD = 4
/** Milliseconds between two signs of life. */
const ALIVE = 500
/** Milliseconds that the threads get to end, once all that was acknowledged is safe. */
const THREADS = 500
/** Milliseconds between two looks for files that are to go. */
const RETAIN = 60_000

const say = (m: FromEngine) => {
  if (process.connected) process.send!(m)
}
const log = (text: string) => process.stderr.write(`${text}\n`)

class Engine {
  private readonly language = loadLanguage()
  private readonly pool: WorkerPool
  private readonly intake: Intake
  private readonly streams = new Map<number, RawWriter>()
  /** Work that a close waits for. */
  private readonly open = new Set<Promise<unknown>>()

  constructor(
    private readonly store: SqliteStore,
    private readonly settings: EngineSettings,
  ) {
    const { now } = settings
    this.intake = new Intake(store, settings.knowledge, () => now ?? Date.now() / 1000, log)
    this.pool = new WorkerPool({
      start: { place: store.place, settings },
      size: settings.workers,
      indexes: () => store.indexes(),
      said: (run, messages) => say({ run, messages }),
      log,
      stuck: (run, problem) => say({ stuck: run, problem }),
    })
    this.timer = setInterval(() => void this.track(this.retain()), RETAIN)
    void this.track(this.retain())
  }
  private readonly timer: NodeJS.Timeout
  /** Drops files that are too old, or the oldest of too many. Never rejects: what could not go goes the next time. */
  private async retain(): Promise<void> {
    try {
      for (const path of await this.store.retain(this.settings.now ?? Date.now() / 1000)) log(`retired: ${path}`)
      this.pool.sweep()
    } catch (e) {
      log(`retention: ${e instanceof Error ? e.message : String(e)}`)
    }
  }

  answer(a: Ask): Promise<unknown> | unknown {
    switch (a.ask) {
      case 'open':
        throw new Error('BUG: opened twice')
      case 'start':
        return this.start(a)
      case 'check':
        return this.read(a.search, a.app, a.owner, a.now).problems satisfies Answers['check']
      case 'indexes':
        return indexInfos(this.store)
      case 'createIndex':
        return this.store.createIndex(a.name)
      case 'raw':
        this.streams.set(a.stream, this.intake.raw(a.meta))
        return undefined
      case 'rawEnd':
        return this.endRaw(a.stream)
      case 'close':
        return this.close()
    }
  }
  private read(text: string, app: string, owner: string, now: number) {
    return readSearch(text, this.language, searchKnowledge(this.settings.knowledge, this.language, { app, user: owner, now }).expand)
  }
  private start({ search }: Extract<Ask, { ask: 'start' }>): Answers['start'] {
    const { request } = search
    // A thread begins meanwhile: it reads the search too, and ends at the same problem.
    const begun = this.pool.run(search)
    const stop = blocking(this.read(request.search, request.app, request.owner, search.now).problems)
    if (stop?.phase !== 'parse') return { refused: undefined, begun }
    this.pool.command(search.run, COMMAND.cancel)
    return { refused: stop, begun }
  }
  private async endRaw(stream: number): Promise<number> {
    const writer = this.streams.get(stream)
    if (!writer) throw new Busy('the stream is not there')
    this.streams.delete(stream)
    return writer.end()
  }
  command(run: number, command: number): void {
    this.pool.command(run, command)
  }
  abort(stream: number): void {
    this.streams.get(stream)?.abort()
    this.streams.delete(stream)
  }

  /** Events of the pipe; answered when they are durable. */
  take(f: EventFrame): Promise<void> {
    if ('events' in f) return this.intake.take(f.events)
    const writer = this.streams.get(f.stream)
    return writer ? writer.write(f.chunk) : Promise.reject(new Busy('the stream is not there'))
  }
  track<T>(work: Promise<T>): Promise<T> {
    this.open.add(work)
    const forget = () => this.open.delete(work)
    work.then(forget, forget)
    return work
  }
  /** Threads that still run a search are left to the end of the process. */
  private async close(): Promise<void> {
    clearInterval(this.timer)
    const threads = this.pool.close()
    await Promise.allSettled([...this.open])
    await this.store.close()
    await Promise.race([threads, new Promise((resolve) => setTimeout(resolve, THREADS))])
  }
}

function errorOf(e: unknown): ErrorKind {
  if (e instanceof SplProblem) return { kind: 'problem', problem: e.problem }
  if (e instanceof UnknownIndex) return { kind: 'unknown-index', index: e.index, eventNumber: e.eventNumber }
  if (e instanceof Busy) return { kind: 'busy', text: e.message }
  if (e instanceof StoreError) return { kind: 'store', code: e.code, text: e.message }
  log(e instanceof Error ? (e.stack ?? e.message) : String(e))
  return { kind: 'bug', text: e instanceof Error ? e.message : String(e) }
}

let engine: Engine | undefined

async function open(settings: EngineSettings): Promise<Answers['open']> {
  const options = { server: settings.serverName, durable: settings.durable }
  const store = await openIndexes(settings.db, settings.knowledge, options, log)
  engine = new Engine(store, settings)
  listen(engine)
  return { indexes: store.indexes() }
}

/** Frames are taken as they come; each is answered under its own number. */
function listen(e: Engine): void {
  const frames = new FrameReader()
  const pipe = new Socket({ fd: EVENTS_FD, readable: true, writable: false })
  pipe.on('data', (chunk: Buffer) => {
    for (const f of frames.feed(chunk)) {
      const taken = e.track(e.take(f))
      taken.then(
        () => say({ id: f.id, answer: undefined }),
        (error: unknown) => say({ id: f.id, error: errorOf(error) }),
      )
    }
  })
  pipe.on('error', (error) => log(`events pipe: ${error.message}`))
}

process.on('message', (m: ToEngine) => {
  if ('command' in m) engine?.command(m.run, m.command)
  else if ('rawAbort' in m) engine?.abort(m.rawAbort)
  else if (m.ask === 'close') void answer(m).finally(() => setImmediate(end))
  else {
    const work = answer(m)
    void engine?.track(work)
  }
})

/** Begins at once: a command may follow the search that it is for. */
async function answer(m: { readonly id: number } & Ask): Promise<void> {
  try {
    if (m.ask !== 'open' && !engine) throw new Busy('the store is not open yet')
    say({ id: m.id, answer: await (m.ask === 'open' ? open(m.settings) : engine!.answer(m)) })
  } catch (e) {
    say({ id: m.id, error: errorOf(e) })
  }
}

/** Not exit(): it would end threads with a call of sqlite3 in flight, which aborts. What is acknowledged is durable. */
const end = () => process.kill(process.pid, 'SIGKILL')
// Without its parent an engine has nothing to do.
process.on('disconnect', end)
// The terminal's Ctrl-C reaches the whole group; the parent says when to end.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
setInterval(() => say({ resident: process.memoryUsage.rss() }), ALIVE)
