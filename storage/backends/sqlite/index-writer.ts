import { StoreError } from '../../event-store'
import { Ahead } from './ahead'
import { BLOCK_COLUMNS, type BlockRow, describeEvents, inOrder, type NumberedEvent } from './block'
import type { FileFacts } from './catalogue'
import type { Codec } from './codec'
import type { Connection } from './connection'
import { PostingsWriter } from './postings'
import type { SealedText } from './seal-text'
import type { Sealer } from './sealer'
import { serialsBetween } from './serials-between'
import { eventOf, insertTail, type TailRow } from './tail'

export interface WriterOptions {
  readonly sealer: Sealer
  /** Absent: that of the sealer. */
  readonly codec?: Codec | undefined
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

/** Blocks that begin with what waited of a key, and what is left. */
interface Filled {
  /** Serials. */
  readonly waited: readonly number[]
  readonly blocks: readonly MadeBlock[]
  readonly rest: readonly NumberedEvent[]
}
/** Events of a key that are in the tail. */
interface Waiting {
  readonly serials: number[]
  bytes: number
}

/** Events of one transaction: enough to spread the cost of a commit, few enough to keep the write-ahead log short. */
const MAX_EVENTS = 50_000
/** Keys whose events are taken out of the tail together: their blocks are made beside one another. */
const SEALED_AT_ONCE = 16
/** What is handed to SQLite ahead of what it writes, in blocks: it has work while this thread takes the next events in. */
const AHEAD = 32

/**
 * The one writer of one index file. Appends that arrive while a commit is under way share the next one, so that many small appends cost
 * few waits for the disk and a lone one waits for nobody.
 */
export class IndexWriter {
  private readonly postings = new PostingsWriter()
  private readonly waiting = new Map<string, Waiting>()
  /** Whether the transaction has put events into the tail. */
  private tailWritten = false
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
    return this.inTurn(() => this.transaction((writes) => this.sealAll(writes)))
  }

  /** Runs a job in a transaction of its own, between two commits. */
  exclusively<T>(job: (connection: Connection) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.transaction(() => job(this.connection)))
  }

  /** Writes what waits, seals it, and closes the file. */
  async close(): Promise<void> {
    this.closing = true
    await this.seal().finally(() => this.abandon())
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
    let tell = () => {}
    while (this.queue.length > 0) tell = await this.commit(this.take(), tell)
    this.draining = false
    tell()
  }

  private take(): Job[] {
    let events = 0
    let n = 0
    while (n < this.queue.length && (n === 0 || events + this.queue[n]!.events.length <= MAX_EVENTS))
      events += this.queue[n++]!.events.length
    return this.queue.splice(0, n)
  }

  /**
   * @param tell those whose events were committed before: called once SQLite has work, since they come with their next events at once, and
   * it would wait while this thread takes these in
   * @returns the same for these
   */
  private async commit(jobs: readonly Job[], tell: () => void): Promise<() => void> {
    const stored: number[] = []
    try {
      await this.transaction(async (writes) => {
        for (const job of jobs) stored.push(await this.write(job, writes))
      }, tell)
      return () => {
        for (const [i, job] of jobs.entries()) job.resolve(stored[i]!)
      }
    } catch (error) {
      return () => {
        for (const job of jobs) job.reject(error)
      }
    } finally {
      for (const job of jobs) this.queuedBytes -= job.bytes
      tell()
    }
  }

  /** What the writer knows of its file is read anew when a transaction fails. */
  private async transaction<T>(job: (writes: Ahead) => Promise<T>, busy?: () => void): Promise<T> {
    try {
      return await this.connection.transaction(async () => {
        const writes = new Ahead(AHEAD, busy)
        this.tailWritten = false
        let result: T
        try {
          result = await job(writes)
          for (const written of this.postings.write(this.connection)) await writes.add(written)
        } catch (error) {
          // Nothing of it may come after the end of the transaction.
          await writes.end().catch(() => undefined)
          throw error
        }
        await writes.end()
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
    const keys = await this.connection.all<Pick<TailRow, KeyField> & { serials: string; bytes: number }>(
      'SELECT sourcetype, source, segmentation, json_group_array(serial) AS serials, sum(length(raw)) AS bytes FROM tail GROUP BY 1, 2, 3',
    )
    for (const k of keys) this.waiting.set(keyOf(k), { serials: JSON.parse(k.serials) as number[], bytes: k.bytes })
  }

  private async write(job: Job, writes: Ahead): Promise<number> {
    // Its own transaction may have brought them.
    if (!job.groups) await writes.end()
    const groups = job.groups ?? this.grouped(await this.unseen(job.events))
    const filled = await this.filled(groups, writes)
    let stored = 0
    for (const { key, blocks, rest } of groups) {
      await this.insertAll(blocks, writes)
      if (!filled.has(key)) await this.insertRest(key, rest, writes)
      stored += rest.length + blocks.reduce((n, b) => n + b.events.length, 0)
    }
    for (const [key, { blocks, rest, waited }] of filled) {
      await this.insertAll(blocks, writes)
      await writes.add(this.deleteTail(waited))
      this.waiting.delete(key)
      await this.insertRest(key, rest, writes)
    }
    return stored
  }

  /** What is left of groups that makes a block together with what waits of their keys: begun before all else is written, so that it is made meanwhile. */
  private async filled(groups: readonly Group[], writes: Ahead): Promise<Map<string, Filled>> {
    const found = new Map<string, Filled>()
    for (const { key, rest } of groups) {
      const waits = this.waiting.get(key)
      if (!waits || !this.isFull(waits.serials.length + rest.length, waits.bytes + bytesOf(rest))) continue
      if (this.tailWritten) await writes.end()
      const waited = await this.tailOf(waits.serials)
      // Those that waited do not fill a block by themselves: all of them go into the first.
      found.set(key, { ...this.cut([...waited, ...rest], true), waited: waits.serials })
    }
    return found
  }
  private async insertRest(key: string, rest: readonly NumberedEvent[], writes: Ahead): Promise<void> {
    if (rest.length === 0) return
    this.tailWritten = true
    this.count(key, rest)
    for (const inserted of insertTail(this.connection, rest)) await writes.add(inserted)
  }
  private deleteTail(serials: readonly number[]): Promise<void> {
    return this.connection.run(`DELETE FROM tail WHERE ${AMONG}`, JSON.stringify(serials))
  }

  private count(key: string, events: readonly NumberedEvent[]): void {
    let known = this.waiting.get(key)
    if (!known) this.waiting.set(key, (known = { serials: [], bytes: 0 }))
    for (const e of events) known.serials.push(e.serial)
    known.bytes += bytesOf(events)
  }

  private grouped(events: readonly NumberedEvent[]): Group[] {
    const lists = byKey(events)
    this.options.sealer.expect(events.length / this.options.blockEvents - lists.size)
    return [...lists].map(([key, list]) => ({ key, ...this.cut(list) }))
  }

  /** Begins to make the blocks that are full. @param urgent before those of later transactions */
  private cut(events: readonly NumberedEvent[], urgent = false): Omit<Group, 'key'> {
    const blocks: MadeBlock[] = []
    let from = 0
    for (let to = this.blockEnd(events, from); to > from; to = this.blockEnd(events, from)) {
      blocks.push(this.made(events.slice(from, to), urgent))
      from = to
    }
    return { blocks, rest: from === 0 ? events : events.slice(from) }
  }

  private made(unordered: readonly NumberedEvent[], urgent: boolean): MadeBlock {
    const events = inOrder(unordered)
    const texts = events.map((e) => e.raw)
    const text = this.options.sealer.seal(texts, events[0]!.segmentation, urgent, this.options.codec)
    text.catch(() => undefined) // whoever writes the block awaits it, perhaps much later
    return { events, text }
  }

  private async insertAll(blocks: readonly MadeBlock[], writes: Ahead): Promise<void> {
    for (const b of blocks) await writes.add(this.insert(b, await b.text))
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

  private isFull(count: number, bytes: number): boolean {
    return count >= this.options.blockEvents || bytes >= this.options.blockBytes
  }

  /** Makes blocks of all that waits, though most do not fill one. */
  private async sealAll(writes: Ahead): Promise<void> {
    const waiting = [...this.waiting.values()]
    this.waiting.clear()
    for (let i = 0; i < waiting.length; i += SEALED_AT_ONCE) {
      const sealed: MadeBlock[] = []
      const serials = waiting.slice(i, i + SEALED_AT_ONCE).flatMap((w) => w.serials)
      // The blocks of all of them are made meanwhile.
      for (const events of byKey(await this.tailOf(serials)).values()) {
        const { blocks, rest } = this.cut(events)
        sealed.push(...blocks, ...(rest.length > 0 ? [this.made(rest, false)] : []))
      }
      await this.insertAll(sealed, writes)
      await writes.add(this.deleteTail(serials))
    }
  }
  /** Found by their serials, whatever else waits. */
  private async tailOf(serials: readonly number[]): Promise<NumberedEvent[]> {
    const rows = await this.connection.all<TailRow>(`SELECT * FROM tail WHERE ${AMONG} ORDER BY serial`, JSON.stringify(serials))
    return rows.map(eventOf)
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
const AMONG = 'serial IN (SELECT value FROM json_each(?))'
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
