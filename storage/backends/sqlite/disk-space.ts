import { statfs } from 'node:fs/promises'
import { StoreError } from '../../event-store'

/** The disk is looked at after so many bytes of events. */
const EVERY = 8 << 20

/** Refuses events before the disk is full: SQLite needs room to seal and to end orderly. */
export class DiskSpace {
  private unseen = Number.POSITIVE_INFINITY
  private short = false

  /** @param megabytes that must be free; 0: not looked at */
  constructor(
    private readonly dir: string,
    private readonly megabytes: number,
  ) {}

  async check(events: readonly { readonly raw: Uint8Array }[]): Promise<void> {
    if (this.megabytes <= 0) return
    for (const e of events) this.unseen += e.raw.length
    if (this.unseen > EVERY || this.short) {
      const { bavail, bsize } = await statfs(this.dir)
      this.short = bavail * bsize < this.megabytes * (1 << 20)
      this.unseen = 0
    }
    if (this.short) throw new StoreError('full', `The disk of ${this.dir} has less than ${this.megabytes} MB free: no events are taken.`)
  }
}
