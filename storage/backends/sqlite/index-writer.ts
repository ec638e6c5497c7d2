import { StoreError } from '../../event-store'
import { Ahead } from './ahead'
import { BLOCK_COLUMNS, type BlockRow, describeEvents, inOrder, type NumberedEvent } from './block'
import type { FileFacts } from './catalogue'
import type { Connection } from './connection'
import { PostingsWriter } from './postings'
import type { SealedText } from './seal-text'
import type { Sealer } from './sealer'
import { serialsBetween } from './serials-between'
import { eventOf, insertTail, type TailRow } from './tail'

export interface WriterOptions {
  readonly sealer: Sealer
  /** A block is closed at so many events or bytes of raw text, whichever comes first. */
  readonly blockEvents: number
  readonly blockBytes: number
  /** Bytes that may wait to be written before `append` answers busy. */
  readonly queueBytes: number
}

interface Job {
  readonly events: readonly NumberedEvent[]
  readonly bytes: number
  /** Undefined: the serials may be there already, so that its blocks wait for a look into the file. */
  readonly groups: readonly Group[] | undefined
  resolve(stored: number): void
  reject(error: unknown): void
}

/** Events of one (sourcetype, source, segmentation): blocks that are being made, and what is left. */
interface Group {
  readonly key: string
  readonly blocks: readonly MadeBlock[]
  readonly rest: readonly NumberedEvent[]
}
interface MadeBlock {
  /** In the order of events. */
  readonly events: readonly NumberedEvent[]
  readonly text: Promise<SealedText>
}

/** Events of one key in the tail: what becomes blocks, and what stays. */
interface Part {
  readonly key: string
  readonly blocks: readonly MadeBlock[]
  readonly rest: readonly NumberedEvent[]
}

/** Events of one transaction: enough to spread the cost of a commit, few enough to keep the write-ahead log short. */
const MAX_EVENTS = 50_000
/** Keys whose events are taken out of the tail together: their blocks are made beside one another. */
const SEALED_AT_ONCE = 16
/** Blocks handed to SQLite ahead of the one that it writes. */
const AHEAD = 8

/**
 * The one writer of one index file. Appends that arrive while a commit is under way share the next one, so that many small appends cost
 * few waits for the disk and a lone one waits for nobody.
 */
export class IndexWriter {
  private readonly postings = new PostingsWriter()
  private readonly waiting = new Map<string, { count: number; bytes: number }>()
  private queue: Job[] = []
  private queuedBytes = 0
  private nextBlock = 1
  private draining = false
  private last: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly connection: Connection,
    private readonly options: WriterOptions,
  ) {}

  /** @param connection of a prepared file; the writer closes it */
  static async open(connection: Connection, options: WriterOptions): Promise<IndexWriter> {
    const writer = new IndexWriter(connection, options)
    await writer.load()
    return writer
  }

  /** Whether it takes no more events. */
  closing = false
  /** Of the file, its write-ahead log included. */
  bytes = 0

  /** Answers how many were stored: the others were there. @param repeat the serials may be there already */
  append(events: readonly NumberedEvent[], repeat: boolean): Promise<number> {
    if (this.queuedBytes > this.options.queueBytes) throw new StoreError('busy', 'Too many events wait to be written.', 100)
    const bytes = bytesOf(events)
    this.queuedBytes += bytes
    // Blocks are made while transactions before this one are written.
    const groups = repeat ? undefined : this.grouped(events)
    return new Promise((resolve, reject) => {
      this.queue.push({ events, bytes, groups, resolve, reject })
      if (this.draining) return
      this.draining = true
      void this.inTurn(() => this.drain())
    })
  }

  /** Puts every event that waits into a block. */
  seal(): Promise<void> {
    return this.exclusively(() => this.sealKeys([...this.waiting.keys()], true))
  }

  /** Runs a job in a transaction of its own, between two commits. */
  exclusively<T>(job: (connection: Connection) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.transaction(() => job(this.connection)))
  }

  /** Writes what waits, seals it, and closes the file. */
  async close(): Promise<void> {
    this.closing = true
    await this.seal()
    await this.abandon()
  }
  /** Closes the file as it is. */
  abandon(): Promise<void> {
    this.closing = true
    return this.inTurn(() => this.connection.close())
  }

  /** Bounds of its events, and the bytes of the file; undefined without events. */
  async facts(): Promise<FileFacts | undefined> {
    const row = await this.inTurn(() => this.connection.get<FileFacts>(FACTS))
    return row && row.first !== null ? { ...row, bytes: this.bytes } : undefined
  }

  private inTurn<T>(job: () => Promise<T>): Promise<T> {
    const next = this.last.then(job)
    this.last = next.catch(() => undefined)
    return next
  }

  private async drain(): Promise<void> {
    // Appends of the same turn of the event loop belong to one commit.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.queue.length > 0) await this.commit(this.take())
    this.draining = false
  }

  private take(): Job[] {
    let events = 0
    let n = 0
    while (n < this.queue.length && (n === 0 || events + this.queue[n]!.events.length <= MAX_EVENTS))
      events += this.queue[n++]!.events.length
    return this.queue.splice(0, n)
  }

  private async commit(jobs: readonly Job[]): Promise<void> {
    const stored: number[] = []
    try {
      await this.transaction(async () => {
        for (const job of jobs) stored.push(await this.write(job))
        await this.sealKeys(this.fullKeys(), false)
      })
      for (const [i, job] of jobs.entries()) job.resolve(stored[i]!)
    } catch (error) {
      for (const job of jobs) job.reject(error)
    } finally {
      for (const job of jobs) this.queuedBytes -= job.bytes
    }
  }

  /** What the writer knows of its file is read anew when a transaction fails. */
  private async transaction<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await this.connection.transaction(async () => {
        const result = await job()
        await this.postings.write(this.connection)
        this.bytes = (await this.connection.get<{ bytes: number }>(BYTES))!.bytes
        return result
      })
    } catch (error) {
      await this.load()
      throw error
    }
  }

  private async load(): Promise<void> {
    const last = await this.connection.get<{ id: number | null }>('SELECT max(id) AS id FROM blk')
    this.nextBlock = (last?.id ?? 0) + 1
    this.bytes = (await this.connection.get<{ bytes: number }>(BYTES))!.bytes
    this.waiting.clear()
    this.postings.clear()
    const keys = await this.connection.all<Pick<TailRow, KeyField> & { count: number; bytes: number }>(
      'SELECT sourcetype, source, segmentation, count(*) AS count, sum(length(raw)) AS bytes FROM tail GROUP BY 1, 2, 3',
    )
    for (const k of keys) this.waiting.set(keyOf(k), { count: k.count, bytes: k.bytes })
  }

  private async write(job: Job): Promise<number> {
    const groups = job.groups ?? this.grouped(await this.unseen(job.events))
    let stored = 0
    for (const g of groups) {
      await this.insertAll(g.blocks)
      await insertTail(this.connection, g.rest)
      if (g.rest.length > 0) this.count(g.key, g.rest)
      stored += g.rest.length + g.blocks.reduce((n, b) => n + b.events.length, 0)
    }
    return stored
  }

  private count(key: string, events: readonly NumberedEvent[]): void {
    const known = this.waiting.get(key) ?? { count: 0, bytes: 0 }
    this.waiting.set(key, { count: known.count + events.length, bytes: known.bytes + bytesOf(events) })
  }

  private grouped(events: readonly NumberedEvent[]): Group[] {
    const lists = byKey(events)
    this.options.sealer.expect(events.length / this.options.blockEvents - lists.size)
    return [...lists].map(([key, list]) => ({ key, ...this.cut(list) }))
  }

  /** Begins to make the blocks that are full. */
  private cut(events: readonly NumberedEvent[]): Omit<Group, 'key'> {
    const blocks: MadeBlock[] = []
    let from = 0
    for (let to = this.blockEnd(events, from); to > from; to = this.blockEnd(events, from)) {
      blocks.push(this.made(events.slice(from, to)))
      from = to
    }
    return { blocks, rest: from === 0 ? events : events.slice(from) }
  }

  private made(unordered: readonly NumberedEvent[]): MadeBlock {
    const events = inOrder(unordered)
    const text = this.options.sealer.seal(
      events.map((e) => e.raw),
      events[0]!.segmentation,
    )
    text.catch(() => undefined) // whoever writes the block awaits it, perhaps much later
    return { events, text }
  }

  private async insertAll(blocks: readonly MadeBlock[]): Promise<void> {
    const writes = new Ahead(AHEAD)
    for (const b of blocks) await writes.add(this.insert(b, await b.text))
    await writes.end()
  }

  /** Where a full block that begins at `from` ends; `from` when there are too few events. */
  private blockEnd(events: readonly NumberedEvent[], from: number): number {
    let bytes = 0
    for (let i = from; i < events.length; i++) {
      bytes += events[i]!.raw.length
      if (i + 1 - from >= this.options.blockEvents || bytes >= this.options.blockBytes) return i + 1
    }
    return from
  }

  private async insert(block: MadeBlock, text: SealedText): Promise<void> {
    const row: BlockRow = { id: this.nextBlock++, ...describeEvents(block.events), ...text }
    this.postings.add(row.id, text.postings)
    await Promise.all([
      this.connection.run(INSERT_BLOCK, ...BLOCK_COLUMNS.map((name) => row[name])),
      // As bytes: terms may be cut, and a string would be decoded and encoded again.
      this.connection.run('INSERT INTO fts(rowid, t) VALUES(?, ?)', row.id, text.terms),
    ])
  }

  private fullKeys(): string[] {
    const full = ({ count, bytes }: { count: number; bytes: number }) =>
      count >= this.options.blockEvents || bytes >= this.options.blockBytes
    return [...this.waiting].filter(([, w]) => full(w)).map(([key]) => key)
  }

  /** @param all also those that do not fill a block */
  private async sealKeys(keys: readonly string[], all: boolean): Promise<void> {
    for (let i = 0; i < keys.length; i += SEALED_AT_ONCE) {
      const parts: Part[] = []
      // The blocks of all of them are made meanwhile.
      for (const key of keys.slice(i, i + SEALED_AT_ONCE)) parts.push(await this.tailOf(key, all))
      for (const p of parts) await this.sealPart(p)
    }
  }
  private async tailOf(key: string, all: boolean): Promise<Part> {
    const rows = await this.connection.all<TailRow>(
      'SELECT * FROM tail WHERE sourcetype = ? AND source = ? AND segmentation IS ? ORDER BY serial',
      ...(JSON.parse(key) as [string, string, string | null]),
    )
    const { blocks, rest } = this.cut(rows.map(eventOf))
    return all && rest.length > 0 ? { key, blocks: [...blocks, this.made(rest)], rest: [] } : { key, blocks, rest }
  }
  private async sealPart({ key, blocks, rest }: Part): Promise<void> {
    await this.insertAll(blocks)
    await this.connection.run(
      'DELETE FROM tail WHERE serial IN (SELECT value FROM json_each(?))',
      JSON.stringify(blocks.flatMap((b) => b.events.map((e) => e.serial))),
    )
    this.waiting.delete(key)
    if (rest.length > 0) this.count(key, rest)
  }

  private async unseen(events: readonly NumberedEvent[]): Promise<readonly NumberedEvent[]> {
    if (events.length === 0) return events
    const known = await serialsBetween(this.connection, events[0]!.serial, events.at(-1)!.serial)
    return events.filter((e) => !known.has(e.serial))
  }
}

const FACTS = `SELECT min(serial) AS first, max(last) AS last, min(tmin) AS tmin, max(tmax) AS tmax
  FROM (SELECT serial, last, tmin, tmax FROM blk UNION ALL SELECT serial, serial, time, time FROM tail)`
const BYTES = 'SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes'
const INSERT_BLOCK = `INSERT INTO blk(${BLOCK_COLUMNS.join(', ')}) VALUES(${BLOCK_COLUMNS.map(() => '?').join(', ')})`

type KeyField = 'sourcetype' | 'source' | 'segmentation'
const keyOf = (e: Pick<NumberedEvent | TailRow, KeyField>) => JSON.stringify([e.sourcetype, e.source, e.segmentation ?? null])
const bytesOf = (events: readonly NumberedEvent[]) => events.reduce((sum, e) => sum + e.raw.length, 0)

function byKey(events: readonly NumberedEvent[]): Map<string, NumberedEvent[]> {
  const lists = new Map<string, NumberedEvent[]>()
  let last: NumberedEvent | undefined
  let list: NumberedEvent[] = []
  for (const e of events) {
    // Neighbours mostly have the same origin.
    if (last === undefined || e.source !== last.source || e.sourcetype !== last.sourcetype || e.segmentation !== last.segmentation) {
      const key = keyOf(e)
      list = lists.get(key) ?? []
      lists.set(key, list)
    }
    list.push(e)
    last = e
  }
  return lists
}
