import { statfs } from 'node:fs/promises'
import { StoreError } from '../../event-store'

/** The disk is looked at after so many bytes of events. */
const EVERY = 8 << 20

/** Refuses events before the disk is full: SQLite needs room to seal and to end orderly. */
export class DiskSpace {
  private unseen = Number.POSITIVE_INFINITY
  private short = false

  /** @param least that must be free: megabytes, or a share of the disk; 0: not looked at */
  constructor(
    private readonly dir: string,
    private readonly least: number | `${number}%`,
  ) {}

  async check(events: readonly { readonly raw: Uint8Array }[]): Promise<void> {
    if (this.least === 0) return
    for (const e of events) this.unseen += e.raw.length
    if (this.unseen > EVERY || this.short) {
      const { bavail, blocks, bsize } = await statfs(this.dir)
      const least = typeof this.least === 'number' ? this.least * (1 << 20) : (blocks * bsize * Number.parseFloat(this.least)) / 100
      this.short = bavail * bsize < least
      this.unseen = 0
    }
    const least = typeof this.least === 'number' ? `${this.least} MB` : this.least
    if (this.short) throw new StoreError('full', `The disk of ${this.dir} has less than ${least} free: no events are taken.`)
  }
}
