import type { Terminal } from './terminal'

/** A run shorter than this shows no status line. */
const QUIET_MILLISECONDS = 2_000
const EVERY_MILLISECONDS = 200

/** A line on the standard error that is written over while something takes long and somebody watches. */
export class StatusLine {
  private readonly timer: NodeJS.Timeout | undefined
  private shown = false

  /** @param text  what to say now, one line */
  constructor(
    private readonly terminal: Terminal,
    private readonly text: () => string,
    quiet = QUIET_MILLISECONDS,
  ) {
    if (!terminal.watched) return
    const since = performance.now()
    this.timer = setInterval(() => performance.now() - since >= quiet && this.show(), EVERY_MILLISECONDS)
    this.timer.unref()
  }

  private show(): void {
    this.terminal.err(`\r\x1b[K${this.text().slice(0, this.terminal.columns - 1)}`)
    this.shown = true
  }
  /** Takes the line away, so that what comes next does not stand behind it. */
  clear(): void {
    if (this.shown) this.terminal.err('\r\x1b[K')
    this.shown = false
  }
  stop(): void {
    clearInterval(this.timer)
    this.clear()
  }
}

export const counted = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`

/** `[#####     ] 50 %`. */
export function bar(share: number, width = 24): string {
  const part = Math.min(1, Math.max(0, share))
  const full = Math.round(part * width)
  return `[${'#'.repeat(full)}${' '.repeat(width - full)}] ${Math.floor(part * 100)} %`
}
