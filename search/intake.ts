import { stanzasIn } from '../knowledge/context'
import type { Origin } from '../knowledge/extract/definition'
import { EventCutter } from '../knowledge/index-time/lines'
import { type IndexTimeRules, indexTimeRules } from '../knowledge/index-time/rules'
import { type IndexTimeSegmentation, indexTimeSegmentation } from '../knowledge/index-time/segmenters'
import type { Knowledge } from '../knowledge/snapshot'
import { isEventTime, notEventTime } from '../spl/values/time/civil'
import type { EventStore, NewEvent } from '../storage/event-store'
import { Busy, type EventMeta, type IncomingEvent, type RawWriter, UnknownIndex } from './head'
import { RawText } from './raw-text'

/** Events of one append: more are written in several. */
const APPEND_EVENTS = 20_000
/** Characters of the text that a timestamp is looked for in, at most. */
const TIME_TEXT = 4096

const startOf = (raw: IncomingEvent['raw']): string =>
  typeof raw === 'string' ? raw.slice(0, TIME_TEXT) : Buffer.from(raw.subarray(0, TIME_TEXT)).toString('utf8')

const originOf = ({ sourcetype, source, host }: Origin): Origin => ({ sourcetype, source, host })

/** Takes events into a store: times from their texts, raw data broken into events, serials leased, written until durable. */
export class Intake {
  private readonly rules: (origin: Origin) => IndexTimeRules
  private readonly segmentation: IndexTimeSegmentation['of']
  /** @param log  one line each of what props.conf and segmenters.conf say and nobody does, and of events that a full disk kept out */
  constructor(
    private readonly store: EventStore,
    knowledge: Knowledge,
    private readonly now: () => number,
    private readonly log: (text: string) => void,
  ) {
    const props = Object.fromEntries(stanzasIn(knowledge, 'props', 'global'))
    this.rules = indexTimeRules(props)
    const { of, faults } = indexTimeSegmentation(props, stanzasIn(knowledge, 'segmenters', 'global'))
    this.segmentation = of
    for (const text of faults) log(text)
  }

  /** @throws UnknownIndex, or Error for a time that no event can have, before anything is taken; Busy */
  async take(events: readonly IncomingEvent[], signal?: AbortSignal): Promise<void> {
    this.known(events)
    for (const { time } of events) if (time !== undefined && !isEventTime(time)) throw new Error(notEventTime(time))
    const now = this.now()
    const byIndex = new Map<string, NewEvent[]>()
    for (const e of events) {
      let list = byIndex.get(e.index)
      if (!list) byIndex.set(e.index, (list = []))
      list.push(this.taken(e, now))
    }
    for (const [index, list] of byIndex) await this.append(index, list, signal)
  }
  private known(events: readonly Pick<IncomingEvent, 'index'>[]): void {
    const names = new Set(this.store.indexes())
    events.forEach((e, i) => {
      if (!names.has(e.index)) throw new UnknownIndex(e.index, i)
    })
  }
  private async append(index: string, events: readonly NewEvent[], signal: AbortSignal | undefined): Promise<void> {
    try {
      for (let i = 0; i < events.length; i += APPEND_EVENTS) {
        const part = events.slice(i, i + APPEND_EVENTS)
        const receipt = await this.store.reserve(index, part.length, signal)
        const { refused } = await this.store.append(index, part, receipt, signal)
        if (refused.length > 0) throw new Error(`${refused.length} of ${part.length} events were not taken: ${refused[0]!.reason}`)
      }
    } catch (e) {
      if (!(e instanceof Error && e.name === 'StoreError' && 'code' in e && (e.code === 'busy' || e.code === 'full'))) throw e
      // The sender can do nothing about it but come again; whoever runs the store can.
      if (e.code === 'full') this.log(e.message)
      throw new Busy(e.message)
    }
  }

  /** The event as it is stored, with its time: as given, else from its text as its sourcetype's props say, if an event can have it, else now. */
  private taken(e: IncomingEvent, now: number): NewEvent {
    const raw = typeof e.raw === 'string' ? Buffer.from(e.raw, 'utf8') : e.raw
    const how = this.segmentation?.(originOf(e))
    const read = e.time === undefined ? this.rules(originOf(e)).time(startOf(e.raw), now) : undefined
    const found = read && isEventTime(read.seconds) ? read : undefined
    return {
      time: e.time ?? found?.seconds ?? now,
      indexTime: Math.floor(now),
      host: e.host,
      source: e.source,
      sourcetype: e.sourcetype,
      raw,
      fields: e.fields,
      zone: found?.zone,
      segmentation: how === 'full' ? undefined : how,
    }
  }

  /** Raw data of one origin, broken as its props say. */
  raw(meta: EventMeta): RawWriter {
    this.known([meta])
    const now = this.now()
    const cutter = new EventCutter(this.rules(meta), now)
    const rawText = new RawText()
    let waiting: IncomingEvent[] = []
    let taken = 0
    const flush = async () => {
      const events = waiting
      waiting = []
      taken += events.length
      await this.take(events)
    }
    const add = (texts: readonly string[]) => {
      for (const raw of texts) waiting.push({ ...meta, time: meta.time, raw: rawText.encode(raw) })
    }
    return {
      write: async (chunk) => {
        add(cutter.feed(rawText.decode(chunk)))
        if (waiting.length >= APPEND_EVENTS) await flush()
      },
      end: async () => {
        add(cutter.feed(rawText.end()))
        add(cutter.end())
        await flush()
        return taken
      },
      abort: () => {
        waiting = []
      },
    }
  }
}
