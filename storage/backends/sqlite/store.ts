import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { rowsOf } from '../../../spl/batch/batch'
import { MAX_ROWS } from '../../../spl/segments/term-set'
import {
  type Appended,
  type EventReader,
  type EventStore,
  type ManyQueries,
  type NewEvent,
  type Receipt,
  type Selection,
  StoreError,
  type StoreQuery,
} from '../../event-store'
import { DEFAULT_INDEXES, validIndexName } from '../../index-names'
import { type NumberedEvent, numberedEvent } from './block'
import { Catalogue, type IndexFile, pathOf } from './catalogue'
import { bestCodec, type Codec } from './codec'
import { Connection } from './connection'
import { IndexWriter, type WriterOptions } from './index-writer'
import { lockFolder } from './lock'
import { SqliteReader, type StorePlace } from './reader'
import { removeSerials } from './remove'
import { prepareFile } from './schema'
import { Sealer } from './sealer'
import { Serials } from './serials'

export interface StoreOptions {
  /** Value of the field `splunk_server`. */
  readonly server?: string
  /** false: acknowledged before it is on the disk, for a folder that is removed at the end. */
  readonly durable?: boolean
  readonly codec?: Codec
  /** At most 256. */
  readonly blockEvents?: number
  readonly blockBytes?: number
  readonly queueBytes?: number
  /** Events of a block that a term must stand in to get postings. */
  readonly postingsFrom?: number
}
/** Of Sysmon events: 9 % more on the disk; docs/decisions/0015-in-block-postings.md. */
const POSTINGS_FROM = 8

/** Opens the store of a folder, or makes it. One process at a time: rejects with StoreError `locked`; with `newer` when a later version wrote it. */
export async function openStore(dir: string, options: StoreOptions = {}): Promise<SqliteStore> {
  await mkdir(dir, { recursive: true })
  const unlock = await lockFolder(dir)
  try {
    const catalogue = await Catalogue.open(dir, 'write')
    await catalogue.add(DEFAULT_INDEXES)
    const store = new SqliteStore({ dir, server: options.server ?? 'headstand' }, options, catalogue, unlock)
    await store.start()
    return store
  } catch (error) {
    await unlock()
    throw error
  }
}

/** The embedded store: one SQLite file per index (later: per index and time bucket) in a locked folder. */
export class SqliteStore implements EventStore {
  readonly damage: string[] = []
  private readonly reader: SqliteReader
  private readonly serials: Serials
  private readonly sealer: Sealer
  private readonly writers = new Map<string, Promise<IndexWriter>>()
  private readonly durable: boolean
  private readonly writing: WriterOptions
  private names: string[] = []
  private closed: Promise<void> | undefined

  constructor(
    /** For `openReader`, in any thread. */
    readonly place: StorePlace,
    options: StoreOptions,
    private readonly catalogue: Catalogue,
    private readonly unlock: () => Promise<void>,
  ) {
    this.durable = options.durable ?? true
    this.sealer = new Sealer({ codec: options.codec ?? bestCodec(), postingsFrom: options.postingsFrom ?? POSTINGS_FROM })
    this.writing = {
      sealer: this.sealer,
      blockEvents: Math.min(options.blockEvents ?? MAX_ROWS, MAX_ROWS),
      blockBytes: options.blockBytes ?? 256 << 10,
      queueBytes: options.queueBytes ?? 64 << 20,
    }
    this.reader = new SqliteReader(place, catalogue)
    this.serials = new Serials(catalogue)
  }

  /** Looks at every file once: one that cannot be read is named and set aside. */
  async start(): Promise<void> {
    this.names = await this.catalogue.names()
    for (const f of await this.catalogue.files()) {
      const path = pathOf(this.place.dir, f)
      try {
        const connection = await Connection.open(path, 'write')
        await prepareFile(connection, this.durable).finally(() => connection.close())
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'damaged') throw error
        await this.setAside(f, path)
      }
    }
  }

  indexes(): readonly string[] {
    return this.names
  }
  async createIndex(name: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (!validIndexName(name)) throw new StoreError('bad-name', `'${name}' is not a valid index name.`)
    await this.catalogue.add([name])
    this.names = await this.catalogue.names()
  }

  async reserve(index: string, count: number, signal?: AbortSignal): Promise<Receipt> {
    signal?.throwIfAborted()
    this.known(index)
    return this.serials.reserve(index, count)
  }

  async append(index: string, events: readonly NewEvent[], receipt: Receipt, signal?: AbortSignal): Promise<Appended> {
    signal?.throwIfAborted()
    if (this.closed) throw new StoreError('closed', 'The store is closed.')
    if (!this.names.includes(index))
      return { stored: 0, repeated: 0, refused: events.map((_e, item) => ({ item, reason: `unknown index '${index}'` })) }
    if (receipt.index !== index || events.length > receipt.count)
      throw new StoreError('bad-receipt', `The receipt is not for ${events.length} events of index '${index}'.`)
    const refused: { item: number; reason: string }[] = []
    const numbered: NumberedEvent[] = []
    for (const [item, e] of events.entries()) {
      if (Number.isFinite(e.time) && Number.isFinite(e.indexTime)) numbered.push(numberedEvent(e, receipt.first + item))
      else refused.push({ item, reason: 'the time is not a number' })
    }
    const writer = await this.writer(index)
    const stored = await writer.append(numbered, this.serials.use(receipt))
    return { stored, repeated: numbered.length - stored, refused }
  }

  async seal(signal?: AbortSignal): Promise<void> {
    for (const { index } of await this.catalogue.files()) {
      signal?.throwIfAborted()
      await (await this.writer(index)).seal()
    }
  }

  async remove(selection: Selection, signal?: AbortSignal): Promise<number> {
    const wanted = 'query' in selection ? await this.serialsOf(selection.query, signal) : new Map([[selection.index, selection.serials]])
    let removed = 0
    for (const [index, serials] of wanted) {
      this.known(index)
      const writer = await this.writer(index)
      await writer.seal() // only blocks can hold what is removed: a repeat must still find the serial
      removed += await writer.exclusively((connection) => removeSerials(connection, serials))
    }
    return removed
  }

  open: EventReader['open'] = (query, signal) => this.reader.open(query, signal)
  tasks: EventReader['tasks'] = (snapshot, count, signal) => this.reader.tasks(snapshot, count, signal)
  openMany = (queries: readonly StoreQuery[], signal?: AbortSignal): Promise<ManyQueries> => this.reader.openMany(queries, signal)
  scan: EventReader['scan'] = (task, after, signal, options) => this.reader.scan(task, after, signal, options)
  describe: EventReader['describe'] = (scope, signal) => this.reader.describe(scope, signal)
  terms: EventReader['terms'] = (query, signal) => this.reader.terms(query, signal)
  capabilities: EventReader['capabilities'] = () => ({ ...this.reader.capabilities(), durable: this.durable })

  /** Writes what waits, seals it, and gives the folder back. */
  close(): Promise<void> {
    return (this.closed ??= this.shut())
  }

  private async shut(): Promise<void> {
    try {
      for (const w of this.writers.values()) await (await w).close()
      await this.sealer.close()
      await this.serials.close()
      await this.reader.close() // and the catalogue with it
    } finally {
      await this.unlock()
    }
  }

  private known(index: string): void {
    if (!this.names.includes(index)) throw new StoreError('unknown-index', `There is no index '${index}'.`)
  }

  private writer(index: string): Promise<IndexWriter> {
    let found = this.writers.get(index)
    if (!found) {
      found = this.openWriter(index)
      this.writers.set(index, found)
      found.catch(() => this.writers.delete(index))
    }
    return found
  }

  private async openWriter(index: string): Promise<IndexWriter> {
    const present = (await this.catalogue.files()).filter((f) => f.index === index).at(-1)
    const f = present ?? { index, bucket: await this.catalogue.nextBucket(index) }
    await mkdir(join(this.place.dir, index), { recursive: true })
    const connection = await Connection.open(pathOf(this.place.dir, f), 'write')
    await prepareFile(connection, this.durable)
    // Told to readers once its tables are there.
    if (!present) await this.catalogue.addFile(f)
    return IndexWriter.open(connection, this.writing)
  }

  private async setAside(f: IndexFile, path: string): Promise<void> {
    const aside = `${path}.damaged`
    for (const suffix of ['', '-wal', '-shm']) await rename(path + suffix, aside + suffix).catch(() => undefined)
    await this.catalogue.setAside(f, aside)
    this.damage.push(`${path} is damaged. It was set aside as ${aside}; its events are not searched.`)
  }

  /** Only a filter that the store decides alone may remove. */
  private async serialsOf(query: StoreQuery, signal?: AbortSignal): Promise<Map<string, number[]>> {
    const { snapshot, took } = await this.open({ ...query, demand: { ...query.demand, ordered: false } }, signal)
    if (!took.exact)
      throw new StoreError('failed', 'Events can be removed by keywords, time, index, host, source and sourcetype, or by their serials.')
    const found = new Map<string, number[]>()
    for (const task of await this.tasks(snapshot, 1, signal)) {
      for await (const { batch } of this.scan(task, undefined, signal)) {
        const index = snapshot.indexes[batch.order!.index as number]!
        const list = found.get(index) ?? []
        for (const row of rowsOf(batch)) list.push(batch.order!.serial[row]!)
        found.set(index, list)
      }
    }
    return found
  }
}
