/** Ids kept of one channel, and channels kept: the oldest are forgotten first. */
const MOST_IDS = 100_000
const MOST_CHANNELS = 10_000

interface Channel {
  next: number
  readonly open: Set<number>
}

/** The numbers of answered requests, by channel. A request is answered after its events are durable, so each number is true at once. */
export class Acknowledgements {
  private readonly channels = new Map<string, Channel>()

  /** The number of a request whose events are durable: from 0 in each channel. */
  given(channel: string): number {
    const of = this.channels.get(channel) ?? { next: 0, open: new Set<number>() }
    this.channels.delete(channel)
    this.channels.set(channel, of)
    if (this.channels.size > MOST_CHANNELS) this.channels.delete(this.channels.keys().next().value!)
    of.open.add(of.next)
    if (of.open.size > MOST_IDS) of.open.delete(of.open.values().next().value!)
    return of.next++
  }

  /** Whether each is acknowledged; each is said to be so once. */
  asked(channel: string, ids: readonly number[]): Readonly<Record<string, boolean>> {
    const open = this.channels.get(channel)?.open
    return Object.fromEntries(ids.map((id) => [String(id), open?.delete(id) ?? false]))
  }
}
