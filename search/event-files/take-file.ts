import type { EventMeta, IncomingEvent, SearchHead } from '../head'
import { bytesOf, type EventFile } from './bytes'
import { eventOfJson, type FoundEvent } from './event-json'
import type { EventFormat } from './formats'
import { JsonTexts } from './json-texts'
import { isWindowsText, WindowsTexts, XmlEvents } from './windows-events'

export interface TakingFile {
  /** Found in the first bytes when absent. */
  readonly format?: EventFormat
  /** Stands before what the file says of its events. */
  readonly override?: Partial<Pick<IncomingEvent, 'index' | 'host' | 'source' | 'sourcetype' | 'time'>>
  /** Told after each batch: bytes of the file read so far (packed ones as packed), events taken so far. */
  progress?(bytes: number, events: number): void
  readonly signal?: AbortSignal
}

/** Events, or characters, that are handed to the head at once. */
const BATCH_EVENTS = 5_000
const BATCH_CHARACTERS = 4 << 20
/** Bytes in which the format is looked for. */
const LOOKED_AT = 4_096

/**
 * Reads a file's events into the head: JSON objects, Windows events as XML or as text, or raw text that is broken as its source
 * type's props say. Indexes that it names are made.
 * @returns how many events it held
 * @throws Error that names the file; events before the fault may have been taken
 */
export async function takeFile(head: SearchHead, file: EventFile, taking: TakingFile = {}): Promise<number> {
  let bytes = 0
  const chunks = bytesOf(file, (more) => (bytes += more), taking.signal)[Symbol.asyncIterator]()
  try {
    const first = await firstChunks(chunks)
    const decoder = new TextDecoder(encodingOf(first))
    const format = taking.format ?? formatOf(decoder.decode(first.subarray(0, LOOKED_AT), { stream: true }))
    const all = prepended(first, chunks)
    const into = new Taker(head, file.name, taking, () => bytes)
    if (format === 'raw') return await into.raw(encodingOf(first) === 'utf-8' ? all : reencoded(all, encodingOf(first)))
    return await into.events(found(format, all, file.name, encodingOf(first)))
  } catch (error) {
    taking.signal?.throwIfAborted()
    throw error
  } finally {
    await chunks.return?.(undefined)
  }
}

async function firstChunks(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  while (first.length < LOOKED_AT) {
    const { done, value } = await chunks.next()
    if (done) break
    first = first.length === 0 ? value : Buffer.concat([first, value])
  }
  return first
}

async function* prepended(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
}

/** Windows tools write UTF-16 with a byte order mark. */
function encodingOf(first: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  return first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8'
}

async function* textsOf(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}
async function* reencoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  for await (const text of textsOf(chunks, encoding)) yield Buffer.from(text, 'utf8')
}

export function formatOf(start: string): EventFormat {
  if (/^[\s\uFEFF]*(\[\s*)?\{/.test(start)) return 'json'
  if (/^[\s\uFEFF]*</.test(start) && /<Event[\s>]/.test(start)) return 'xml'
  return isWindowsText(start) ? 'wineventlog' : 'raw'
}

async function* found(
  format: Exclude<EventFormat, 'raw'>,
  chunks: AsyncIterable<Buffer>,
  name: string,
  encoding: string,
): AsyncGenerator<FoundEvent> {
  const cutter = CUTTERS[format](name)
  for await (const text of textsOf(chunks, encoding)) yield* cutter.feed(text)
  yield* cutter.end()
}

interface Cutter {
  feed(text: string): Iterable<FoundEvent>
  end(): Iterable<FoundEvent>
}
const CUTTERS: Readonly<Record<Exclude<EventFormat, 'raw'>, (name: string) => Cutter>> = {
  json(name) {
    const texts = new JsonTexts(name)
    return {
      *feed(text) {
        for (const json of texts.feed(text)) yield eventOfJson(json, name)
      },
      end() {
        texts.end()
        return []
      },
    }
  },
  xml(name) {
    const events = new XmlEvents(name)
    return {
      feed: (text) => events.feed(text),
      end() {
        events.end()
        return []
      },
    }
  },
  wineventlog: () => new WindowsTexts(),
}

/** Hands events to a head, a batch at a time. */
class Taker {
  private taken = 0
  private readonly indexes = new Set<string>()

  constructor(
    private readonly head: SearchHead,
    private readonly name: string,
    private readonly taking: TakingFile,
    private readonly bytes: () => number,
  ) {}

  async events(events: AsyncIterable<FoundEvent>): Promise<number> {
    let waiting: IncomingEvent[] = []
    let characters = 0
    for await (const event of events) {
      waiting.push(this.complete(event))
      characters += event.raw.length
      if (waiting.length < BATCH_EVENTS && characters < BATCH_CHARACTERS) continue
      await this.take(waiting)
      waiting = []
      characters = 0
    }
    if (waiting.length > 0) await this.take(waiting)
    return this.taken
  }

  private complete(event: FoundEvent): IncomingEvent {
    return { ...this.meta(), ...event, ...this.taking.override }
  }
  private meta(): EventMeta {
    const { time, ...origin } = this.taking.override ?? {}
    return {
      index: 'main',
      host: this.head.serverName,
      source: this.name,
      sourcetype: sourcetypeOf(this.name),
      ...origin,
      ...(time !== undefined && { time }),
    }
  }

  private async take(events: readonly IncomingEvent[]): Promise<void> {
    this.taking.signal?.throwIfAborted()
    for (const index of new Set(events.map((e) => e.index))) await this.makeIndex(index)
    await this.head.ingest(events, this.taking.signal)
    this.taken += events.length
    this.taking.progress?.(this.bytes(), this.taken)
  }
  private async makeIndex(index: string): Promise<void> {
    if (this.indexes.size === 0) for (const { name } of await this.head.indexes()) this.indexes.add(name)
    if (this.indexes.has(index)) return
    await this.head.createIndex(index)
    this.indexes.add(index)
  }

  async raw(chunks: AsyncIterable<Buffer>): Promise<number> {
    const meta = this.meta()
    await this.makeIndex(meta.index)
    const writer = await this.head.raw(meta)
    try {
      for await (const chunk of chunks) {
        this.taking.signal?.throwIfAborted()
        await writer.write(chunk)
        this.taking.progress?.(this.bytes(), this.taken)
      }
      this.taken = await writer.end()
    } catch (error) {
      writer.abort()
      throw error
    }
    this.taking.progress?.(this.bytes(), this.taken)
    return this.taken
  }
}

/** The file's name without its folder and endings: `access` of `logs/access.log.gz`. */
const sourcetypeOf = (name: string): string => /([^/\\.][^/\\]*?)(\.\w{1,7}){0,2}$/.exec(name)?.[1] ?? 'unknown'
