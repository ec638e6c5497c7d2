import type { IndexTimeRules } from './rules'

/** A line that never ends is cut here. */
const LONGEST = 1 << 20

/** Cuts a stream of text into events as the rules say. Feed it, then `end`. */
export class EventCutter {
  private waiting = ''
  /** Lines of the event that is being joined. */
  private lines: string[] = []
  constructor(
    private readonly rules: IndexTimeRules,
    private readonly now: number,
  ) {}

  /** Events that are complete. */
  feed(text: string): string[] {
    this.waiting += text
    return this.cut(false)
  }
  end(): string[] {
    const events = this.cut(true)
    // A trailing line end is no part of the event.
    events.push(...this.line(this.waiting.replace(/[\r\n]+$/, '')))
    this.waiting = ''
    if (this.lines.length > 0) events.push(this.lines.join('\n'))
    this.lines = []
    return events
  }

  private cut(last: boolean): string[] {
    const events: string[] = []
    const { breaker } = this.rules
    let at = 0
    for (;;) {
      const m = breaker.exec(this.waiting, at, true)
      if (!m || m.end === m.start) break
      // At the end of what is there a breaker may still grow.
      if (!last && m.end === this.waiting.length) break
      const gap = m.span(1) ?? [m.start, m.end]
      events.push(...this.line(this.waiting.slice(at, gap[0])))
      at = gap[1]
    }
    this.waiting = this.waiting.slice(at)
    if (this.waiting.length > LONGEST) {
      events.push(...this.line(this.waiting))
      this.waiting = ''
    }
    return events
  }

  private line(typed: string): string[] {
    const { truncate, merge } = this.rules
    const text = truncate > 0 && typed.length > truncate ? typed.slice(0, truncate) : typed
    if (text === '') return []
    if (!merge) return [text]
    const begins = this.lines.length > 0 && (this.lines.length >= merge.maxLines || this.begins(text))
    const done = begins ? [this.lines.join('\n')] : []
    if (begins) this.lines = []
    this.lines.push(text)
    return done
  }

  /** Whether an event begins at the line. */
  private begins(text: string): boolean {
    const { merge } = this.rules
    const before = this.lines.at(-1)!
    if (merge!.notAfter?.test(before) || merge!.notBefore?.test(text)) return false
    if (merge!.after?.test(before)) return true
    if (merge!.before) return merge!.before.test(text)
    return !merge!.beforeDate || this.rules.time(text, this.now) !== undefined
  }
}
