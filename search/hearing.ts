/** What the owner of a scan hears of the thread that helps it. */
import type { MessagePort } from 'node:worker_threads'
import { decodeBatch } from '../spl/batch/codec'
import type { Scanned } from '../spl/run/scan'
import { SplProblem } from '../spl/text/problem'
import { TextMissing } from '../storage/event-store'
import { begun, type Finding, type FromHelper, LOOK, SHARE, takeBack } from './share'

/** A part of a scan in another thread. */
export interface RemoteScan {
  /** @param hear  told each message in its order, and undefined when the thread is gone */
  listen(hear: (m: FromHelper | undefined) => void): void
  close(): void
}

/** @param port  to whoever will help */
export const remoteScan = (port: MessagePort): RemoteScan => ({
  listen(hear) {
    port.on('close', () => hear(undefined))
    port.on('message', hear)
  },
  close: () => port.close(),
})

/** What a helper that was asked for says. */
export class Hearing {
  private readonly come: (FromHelper | undefined)[] = []
  private wake = () => {}
  private over = false

  /** @param border  asked while the helper says nothing: throws when the search is to end, waits while it is paused */
  constructor(
    private readonly scan: RemoteScan,
    private readonly words: Int32Array,
    private readonly border: () => Promise<void> | undefined,
  ) {
    scan.listen((m) => {
      this.come.push(m)
      this.wake()
    })
  }
  /** Whether something has come that was not asked for yet. */
  get ready(): boolean {
    return !this.over && this.come.length > 0
  }
  /** Whether a helper is at work, or what it said is still to be asked for. */
  get begun(): boolean {
    return !this.over && begun(this.words)
  }
  /** Whether more is to be waited for; whoever has not begun does not begin any more. */
  left(): boolean {
    return !takeBack(this.words) && this.begun
  }
  /**
   * What comes next, waited for; undefined when no more does.
   * @throws SplProblem what the helper failed with; Error when its thread was lost
   */
  async next(): Promise<Finding | undefined> {
    if (this.over) return undefined
    while (this.come.length === 0) {
      await this.soon()
      await this.border()
    }
    const m = this.come.shift()
    if (m && !('failed' in m || 'textMissing' in m || 'ended' in m)) return m
    this.over = true
    // Nobody had time for it.
    if (!m && !takeBack(this.words)) throw new Error('the thread that helped was lost')
    if (m && 'failed' in m) throw new SplProblem(m.failed)
    if (m && 'textMissing' in m) throw new TextMissing(m.textMissing)
    return undefined
  }
  /** Nobody wants more: no helper begins, and one that is still at it stops. */
  end(): void {
    takeBack(this.words)
    Atomics.store(this.words, SHARE.stop, 1)
    this.scan.close()
  }
  private soon(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Pages that an owner reads on while rows of its helper may still stand before them. */
const AHEAD = 64

/** The pages of an owner and, as they come, the rows of its helper. */
export class BothPages {
  private mine = Number.POSITIVE_INFINITY
  private theirs = Number.POSITIVE_INFINITY
  private ahead = 0
  private over = false

  /** @param own  in the order of events, if that counts @param x.hearing  undefined while nobody was asked @param x.found  told the rest of what the helper says */
  constructor(
    private readonly own: AsyncGenerator<Scanned>,
    private readonly x: { readonly words: Int32Array; readonly hearing: () => Hearing | undefined; readonly found: (f: Finding) => void },
  ) {}

  async *read(): AsyncGenerator<Scanned> {
    const { words, hearing } = this.x
    try {
      while (!this.over || hearing()?.left()) {
        const h = hearing()
        if (!h || !(h.ready || this.over || this.late(h))) {
          const page = await this.next()
          if (page) yield page
          continue
        }
        const page = await this.hear(h)
        if (!page) continue
        yield page
        Atomics.add(words, SHARE.taken, 1)
        Atomics.notify(words, SHARE.taken)
      }
    } finally {
      hearing()?.end()
      await this.own.return(undefined)
    }
  }
  private late(h: Hearing): boolean {
    return this.ahead >= AHEAD && this.mine < this.theirs && h.begun
  }
  private async next(): Promise<Scanned | undefined> {
    const { value, done } = await this.own.next()
    this.over = done === true
    this.mine = done ? Number.NEGATIVE_INFINITY : value.next
    this.ahead++
    // Who begins only now takes a later task than this one: no row of it stands before `mine`.
    return done ? undefined : { ...value, next: this.x.hearing()?.begun ? Math.max(this.mine, this.theirs) : this.mine }
  }
  private async hear(h: Hearing): Promise<Scanned | undefined> {
    const f = await h.next()
    if (!f) return undefined
    if ('rows' in f) return { batch: decodeBatch(f.rows), next: Math.max(this.mine, this.theirs), scanned: 0, mapped: true }
    if ('bound' in f) {
      this.theirs = f.bound
      this.ahead = 0
    } else this.x.found(f)
    return undefined
  }
}
