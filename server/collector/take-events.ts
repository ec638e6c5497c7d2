import { type IncomingEvent, type SearchHead, UnknownIndex } from '../../search/head'
import type { CollectorLimits } from '../settings'
import { type Defaults, readEvent } from './event'
import { type Intake, Share } from './intake'
import { JsonObjects } from './json-objects'
import { CollectorProblem } from './problems'

/** Events are given to the head in parts: a large body neither waits for its end nor stands in memory. */
const BATCH_EVENTS = 2_000
const BATCH_BYTES = 4 * 2 ** 20

interface Taking {
  readonly head: SearchHead
  readonly intake: Intake
  readonly limits: CollectorLimits
  readonly defaults: Defaults
}

/** One body of the event endpoint on its way to the head. */
class EventBody {
  private readonly objects: JsonObjects
  private readonly share: Share
  private events: IncomingEvent[] = []
  private held = 0
  /** Events that the head has taken. */
  private taken = 0

  constructor(private readonly taking: Taking) {
    this.objects = new JsonObjects(taking.limits.eventBytes)
    this.share = new Share(taking.intake)
  }

  async read(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of chunks) await this.chunk(chunk)
      this.objects.end()
      if (this.taken + this.events.length === 0) throw new CollectorProblem(5)
      await this.flush()
    } catch (error) {
      // Events before a bad one count, as in Splunk; those after it do not.
      if (error instanceof CollectorProblem) await this.flush()
      throw error
    } finally {
      this.share.end()
    }
  }

  private async chunk(chunk: Uint8Array): Promise<void> {
    this.share.take(chunk.length)
    this.held += chunk.length
    for (const text of this.texts(chunk)) {
      this.events.push(readEvent(text, this.taking.defaults, this.taken + this.events.length))
      if (this.events.length >= BATCH_EVENTS) await this.flush()
    }
    if (this.held - this.objects.pending >= BATCH_BYTES) await this.flush()
  }

  /** Objects of a chunk; what is none gets the number of the event that it would have been. */
  private *texts(chunk: Uint8Array): Generator<string> {
    try {
      yield* this.objects.push(chunk)
    } catch (error) {
      throw error instanceof CollectorProblem && error.code === 6 ? new CollectorProblem(6, this.taken + this.events.length) : error
    }
  }

  private async flush(): Promise<void> {
    const { events } = this
    const done = Math.max(0, this.held - this.objects.pending)
    this.events = []
    this.held -= done
    if (events.length > 0) await this.ingest(events)
    this.share.give(done)
  }

  private async ingest(events: readonly IncomingEvent[]): Promise<void> {
    try {
      await this.taking.head.ingest(events)
    } catch (error) {
      if (!(error instanceof UnknownIndex)) throw error
      const good = events.slice(0, error.eventNumber)
      if (good.length > 0) await this.taking.head.ingest(good)
      throw new CollectorProblem(7, this.taken + error.eventNumber + 1)
    }
    this.taken += events.length
  }
}

/**
 * Reads a body of concatenated objects and resolves when all its events are durable.
 * @throws CollectorProblem for the first bad event: those before it are taken
 */
export const takeEvents = (taking: Taking, chunks: AsyncIterable<Uint8Array>): Promise<void> => new EventBody(taking).read(chunks)
