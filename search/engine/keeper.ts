import { setTimeout as sleep } from 'node:timers/promises'
import { Busy } from '../head'
import { type EngineNews, EngineProcess } from './engine-process'
import type { EngineSettings } from './protocol'

/** Milliseconds between two looks whether the engine lives. */
const LOOK = 1000
/** Looks without a sign of life after which it is replaced; it gives two a look. Looks, not time: this process may have slept. */
const SILENT_LOOKS = 10
/** Milliseconds before each next start while engines end before they did anything; after the last, none is started any more. */
export const RESTARTS: readonly number[] = [0, 250, 500, 1000, 2000, 4000]
/** An orderly end may take so long. Milliseconds. */
const PATIENCE = 1500

export interface KeeperOwner {
  readonly program: string
  readonly settings: EngineSettings
  /** Resident bytes past which the engine is replaced. */
  readonly memoryBytes: number
  /** As `RESTARTS`. */
  readonly restarts: readonly number[]
  log(text: string): void
  news(m: Exclude<EngineNews, { readonly resident: number }>): void
  /** The engine has ended, with all that ran in it; another one is being started. */
  lost(): void
  /** After `lost`: another one is up. */
  up(): void
  /** After `lost`: there will be no other. */
  gaveUp(): void
}

/** Keeps one engine alive: starts another when it ends, kills it when it is silent or too large. */
export class EngineKeeper {
  private engine: EngineProcess | undefined
  /** Starts in a row of engines that did nothing. */
  private failures = 0
  private silent = 0
  private readonly stopping = new AbortController()
  private replacing: Promise<void> | undefined
  private readonly timer: NodeJS.Timeout

  constructor(private readonly owner: KeeperOwner) {
    this.timer = setInterval(() => this.look(), LOOK)
    this.timer.unref()
  }

  /** Starts the first one. @throws StoreError when its folder cannot be opened */
  start(): Promise<void> {
    return this.open()
  }
  get ready(): boolean {
    return !this.stopping.signal.aborted && this.engine?.ready === true
  }
  get pid(): number | undefined {
    return this.engine?.pid
  }
  /** The engine that takes searches and events. @throws Busy */
  up(): EngineProcess {
    if (!this.ready) throw new Busy('no engine is up')
    return this.engine!
  }
  /** Tells the engine, if there is one. */
  tell(m: Parameters<EngineProcess['tell']>[0]): void {
    this.engine?.tell(m)
  }

  private async open(): Promise<void> {
    const engine = new EngineProcess(this.owner.program, (m) => this.hear(engine, m))
    this.engine = engine
    this.silent = 0
    void engine.ended.then((how) => this.lost(engine, how))
    await engine.open(this.owner.settings)
  }
  private hear(engine: EngineProcess, m: EngineNews): void {
    if (!('resident' in m)) this.owner.news(m)
    else if (m.resident > this.owner.memoryBytes) this.replace(`it holds ${Math.round(m.resident / 1e6)} MB`, engine)
  }
  /** Its end is seen to by `lost`. */
  replace(why: string, engine = this.engine): void {
    if (!engine?.alive) return
    this.owner.log(`engine ${engine.pid} is replaced: ${why}`)
    engine.kill()
  }
  private look(): void {
    const { engine } = this
    this.silent = engine?.heard === 0 ? this.silent + 1 : 0
    if (engine) engine.heard = 0
    if (this.silent >= SILENT_LOOKS) this.replace('it gives no sign of life')
  }

  private lost(engine: EngineProcess, how: string): void {
    // One that never opened is seen to by whoever started it.
    if (this.stopping.signal.aborted || !engine.opened) return
    this.owner.log(`engine ${engine.pid} ended (${how}); another one is started`)
    this.owner.lost()
    if (engine.proven) this.failures = 0
    this.replacing = this.reopen()
  }
  private async reopen(): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      const delay = this.owner.restarts[this.failures++]
      if (delay === undefined) {
        this.owner.log(
          `engine: ${this.failures - 1} in a row ended before they did anything; no other one is started. End this process and look into the cause`,
        )
        return this.owner.gaveUp()
      }
      await sleep(delay, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      try {
        await this.open()
        if (!signal.aborted) this.owner.up()
        return
      } catch (e) {
        this.owner.log(`engine: ${e instanceof Error ? e.message : String(e)}`)
      }
    }
  }

  /** The engine takes nothing new. */
  refuse(): void {
    this.stopping.abort()
    clearInterval(this.timer)
  }
  /** Resolves when what is in flight has been answered. */
  async idle(): Promise<void> {
    await this.engine?.idle()
  }
  /** The engine writes what it has and ends; one that does not in time is killed: what it acknowledged is durable. */
  async stop(): Promise<void> {
    this.refuse()
    const { engine } = this
    if (engine) {
      if (engine.opened) {
        engine.ask({ ask: 'close' }).catch(() => {})
        await Promise.race([engine.ended, sleep(PATIENCE, undefined, { ref: false })])
      }
      engine.kill()
      await engine.ended
    }
    await this.replacing
  }
}
