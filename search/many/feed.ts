import type { Scanned } from '../../spl/run/scan'

/** Hands what a shared scan found to one search, a page at a time. */
export class Feed {
  private offered: { readonly page: Scanned; taken(): void } | undefined
  private wake: (() => void) | undefined
  private ended = false
  private error: unknown
  /** The search wants no more. */
  closed = false

  /** Resolves when the search has done with the page: only then may its block go. */
  push(page: Scanned): Promise<void> {
    if (this.closed) return Promise.resolve()
    return new Promise((taken) => {
      this.offered = { page, taken }
      this.wake?.()
    })
  }
  end(): void {
    this.ended = true
    this.wake?.()
  }
  fail(error: unknown): void {
    this.error = error
    this.end()
  }

  /** The search has ended, whether it ever read or not. */
  close(): void {
    this.closed = true
    this.offered?.taken()
  }

  async *read(): AsyncGenerator<Scanned> {
    try {
      for (;;) {
        if (!this.offered && !this.ended) await new Promise<void>((wake) => (this.wake = wake))
        const { offered } = this
        if (!offered) break
        yield offered.page
        this.offered = undefined
        offered.taken()
      }
      if (this.error !== undefined) throw this.error
    } finally {
      this.close()
    }
  }
}
