import { type Receipt, StoreError } from '../../event-store'
import type { Catalogue } from './catalogue'

/** Serials written down as given away at once: a crash skips what is left of them, which harms nobody. */
const CHUNK = 65_536

/** Gives away serial numbers, and knows which leases of this process were not used yet. */
export class Serials {
  private readonly ranges = new Map<string, { next: number; end: number }>()
  private readonly unused = new Map<string, Set<number>>()
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly catalogue: Catalogue) {}

  reserve(index: string, count: number): Promise<Receipt> {
    if (!Number.isInteger(count) || count < 0) throw new StoreError('bad-receipt', `Cannot reserve ${count} serials.`)
    const lease = this.turn.then(() => this.lease(index, count))
    this.turn = lease.catch(() => undefined)
    return lease
  }

  /** Whether the lease may have been used before: by this process, or by one before it. */
  use(receipt: Receipt): boolean {
    return !this.unused.get(receipt.index)?.delete(receipt.first)
  }

  /** Gives back what was written down but not leased. */
  async close(): Promise<void> {
    await this.turn
    for (const [index, range] of this.ranges) await this.catalogue.setNextSerial(index, range.next)
  }

  private async lease(index: string, count: number): Promise<Receipt> {
    const range = this.ranges.get(index) ?? (await this.fresh(index))
    if (range.next + count > range.end) {
      const end = range.next + count + CHUNK
      await this.catalogue.setNextSerial(index, end)
      range.end = end
    }
    const first = range.next
    range.next += count
    const unused = this.unused.get(index) ?? new Set()
    if (count > 0) unused.add(first)
    this.unused.set(index, unused)
    return { index, first, count }
  }

  private async fresh(index: string): Promise<{ next: number; end: number }> {
    const next = await this.catalogue.nextSerial(index)
    const range = { next, end: next }
    this.ranges.set(index, range)
    return range
  }
}
