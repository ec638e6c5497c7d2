import { type ChildProcess, fork } from 'node:child_process'
import type { Writable } from 'node:stream'
import { SplProblem } from '../../spl/text/problem'
import { StoreError } from '../../storage/event-store'
import { Busy, UnknownIndex } from '../head'
import { MALLOC } from './malloc'
import type { Answers, Ask, EngineSettings, ErrorKind, FromEngine, ToEngine } from './protocol'

/** Bytes that may wait for the engine to read them; who brings more is told to come again. */
const PIPE_BYTES = 64 << 20
/** An engine that lived so long was able to. Milliseconds. */
const PROVEN = 2000

interface Waiting {
  resolve(answer: unknown): void
  reject(e: Error): void
}

/** What an engine says unasked. */
export type EngineNews = Exclude<FromEngine, { readonly id: number }>

/** One engine process and what it still owes: all of that is refused with `Busy` when it ends. */
export class EngineProcess {
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, Waiting>()
  private next = 0
  private openedAt: number | undefined
  private answered = false
  /** How it ended; undefined while it lives. */
  private end: string | undefined
  /** SIGKILL was sent. */
  private killed = false
  /** Resolves with how it ended. */
  readonly ended: Promise<string>
  /** Signs of life since the last look. */
  heard = 0

  constructor(program: string, hear: (m: EngineNews) => void) {
    this.child = fork(program, [], {
      serialization: 'advanced',
      env: { ...process.env, ...MALLOC },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    })
    this.child.on('message', (m: FromEngine) => this.hear(m, hear))
    // A pipe to a process that is gone says so here; the exit says the rest.
    this.pipe?.on('error', () => {})
    this.ended = new Promise((resolve) => {
      this.child.on('exit', (code, signal) => resolve(this.over(signal ? `signal ${signal}` : `exit code ${code}`)))
      this.child.on('error', (e) => {
        // Not started: there will be no exit. Otherwise a message could not be sent; the process may live on.
        if (this.child.pid === undefined) resolve(this.over(e.message))
        else this.kill()
      })
    })
  }

  private get pipe(): Writable | undefined {
    return this.child.stdio?.[4] as Writable | undefined
  }
  get pid(): number | undefined {
    return this.child.pid
  }
  /** Whether it takes searches and events. */
  get ready(): boolean {
    return this.openedAt !== undefined && this.alive
  }
  /** Whether it is there and has not been told to end. */
  get alive(): boolean {
    return !this.killed && this.end === undefined
  }
  get opened(): boolean {
    return this.openedAt !== undefined
  }
  /** Whether it did anything before it ended: one that never does is not worth starting again and again. */
  get proven(): boolean {
    return this.answered || (this.openedAt !== undefined && performance.now() - this.openedAt > PROVEN)
  }

  /** @throws StoreError when its folder cannot be opened; then, too, the process has ended */
  async open(settings: EngineSettings): Promise<void> {
    try {
      await this.ask({ ask: 'open', settings })
    } catch (e) {
      this.kill()
      const how = await this.ended
      throw e instanceof Busy ? new Error(`the engine ended before it was ready (${how})`) : e
    }
    this.answered = false
    this.openedAt = performance.now()
  }
  kill(): void {
    this.killed = true
    this.child.kill('SIGKILL')
  }

  private over(how: string): string {
    this.end = how
    const owed = [...this.waiting.values()]
    this.waiting.clear()
    for (const w of owed) w.reject(new Busy('the engine was lost'))
    return how
  }
  private hear(m: FromEngine, news: (m: EngineNews) => void): void {
    // What was said before the end may be heard after it, when what it was about has started elsewhere.
    if (this.end !== undefined) return
    this.heard++
    if (!('id' in m)) {
      news(m)
      return
    }
    const waiting = this.waiting.get(m.id)
    this.waiting.delete(m.id)
    this.answered = true
    if ('error' in m) waiting?.reject(errorFrom(m.error))
    else waiting?.resolve(m.answer)
  }

  private owe<T>(send: (id: number, failed: (e: Error) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.alive || !this.child.connected) return reject(new Busy('no engine is up'))
      const id = ++this.next
      this.waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject })
      send(id, () => {
        if (this.waiting.delete(id)) reject(new Busy('the engine was lost'))
      })
    })
  }
  ask<A extends Ask>(a: A): Promise<Answers[A['ask']]> {
    return this.owe((id, failed) => this.child.send({ id, ...a } satisfies ToEngine, (e) => e && failed(e)))
  }
  tell(m: Exclude<ToEngine, { readonly id: number }>): void {
    // Told to a process that is gone, it has lost its meaning.
    if (this.child.connected) this.child.send(m, () => {})
  }
  /** Sends events or raw bytes; resolves when they are taken. */
  async write(frame: (id: number) => Buffer): Promise<void> {
    if ((this.pipe?.writableLength ?? 0) > PIPE_BYTES) throw new Busy('too many events wait to be taken')
    await this.owe((id, failed) => this.pipe!.write(frame(id), (e) => e && failed(e)))
  }
  /** Resolves when nothing is owed any more. */
  async idle(): Promise<void> {
    while (this.waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
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
