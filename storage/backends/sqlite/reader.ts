import { EVERYTHING } from '../../../spl/batch/demand'
import { dictionaries } from '../../../spl/batch/dictionary'
import type { Predicate } from '../../../spl/expressions/predicate'
import { EventBatch, type Home } from '../../event-batch'
import type {
  Capabilities,
  Description,
  EventReader,
  Lexicon,
  ManyQueries,
  Page,
  ScanOptions,
  ScanTask,
  Scope,
  Snapshot,
  StoreQuery,
  TermQuery,
  Took,
} from '../../event-store'
import { chosenIndexes } from '../../index-names'
import { decidedByKnown, type EventFilter, eventFilter, termsAsked } from '../../matching/event-filter'
import { tookOf } from '../../matching/took'
import { BLOCK_COLUMNS, type BlockRow, type Events, type NumberedEvent, readBlock } from './block'
import { Catalogue, type IndexFile } from './catalogue'
import { rowsInTime, selected } from './chosen-rows'
import type { Connection } from './connection'
import { describeFiles } from './describe'
import { Files } from './files'
import { filterable } from './filterable'
import { type KnownRows, KnownTerms } from './known-terms'
import { lexicon } from './lexicon'
import { manyCandidates } from './many-candidates'
import { cutTail, laterEvents, rangesOf } from './tail-snapshot'
import { type Candidate, candidates, type Pages, type SnapshotFile, slices, stripes, taskOf } from './tasks'

/** A store as plain data, for a thread that reads it. */
export interface StorePlace {
  readonly dir: string
  /** Value of the field `splunk_server`. */
  readonly server: string
}

/** Blocks read in one statement (a statement costs as much as reading a block); a scan begins with one, since it may be stopped early. */
const MOST_AT_ONCE = 16
/** The same where no texts are read. */
const MOST_WITHOUT_TEXT = 128
/** What is known of the terms of so many filters and files is kept: a scan cut into many small tasks reads it once. */
const KNOWN_KEPT = 16

const CAPABILITIES: Capabilities = {
  durable: true,
  replicas: 0,
  exactTerms: true,
  wildcards: 'prefix',
  aggregates: false,
  terms: 'exact',
  refresh: 0,
}

export async function openReader(place: StorePlace): Promise<SqliteReader> {
  return new SqliteReader(place, await Catalogue.open(place.dir, 'read'))
}

export class SqliteReader implements EventReader {
  private readonly files: Files
  /** Compiled once per query of this thread. */
  private readonly filters = new WeakMap<StoreQuery, Compiled>()
  private readonly known = new Map<string, Promise<KnownTerms>>()

  constructor(
    private readonly place: StorePlace,
    private readonly catalogue: Catalogue,
  ) {
    this.files = new Files(place.dir)
  }

  async open(query: StoreQuery, signal?: AbortSignal): Promise<{ snapshot: Snapshot; took: Took }> {
    signal?.throwIfAborted()
    const indexes = chosenIndexes(await this.catalogue.names(), query.indexes, query.allowed)
    const live = await this.catalogue.files()
    await this.files.sweep(live)
    const files = live.filter((f) => indexes.includes(f.index))
    const frozen = await Promise.all(files.map((f) => this.freeze(f, indexes.indexOf(f.index))))
    const parts = frozen.filter((f) => f !== undefined)
    return { snapshot: { query, indexes, parts }, took: tookOf(query.filter) }
  }

  async tasks(snapshot: Snapshot, count: number, signal?: AbortSignal): Promise<readonly ScanTask[]> {
    const { query } = snapshot
    const files = snapshot.parts as readonly SnapshotFile[]
    const found: Candidate[] = []
    for (const [number, f] of files.entries()) {
      signal?.throwIfAborted()
      for (const c of await candidates(await this.files.open(f), f, query)) found.push({ ...c, file: number })
    }
    const tails = files.flatMap((f, number) => (f.tail.length > 0 ? [number] : []))
    if (!query.demand.ordered) return slices(snapshot, found, tails)
    found.sort((a, b) => b.tmax - a.tmax)
    return stripes(snapshot, found, tails, count)
  }

  async openMany(queries: readonly StoreQuery[], signal?: AbortSignal): Promise<ManyQueries> {
    const query: StoreQuery = { ...queries[0]!, filter: EVERY_EVENT, hints: undefined, demand: EVERYTHING }
    const { snapshot } = await this.open(query, signal)
    const found: { readonly block: Candidate; readonly asking: Uint32Array }[] = []
    const tails: number[] = []
    for (const [file, f] of (snapshot.parts as readonly SnapshotFile[]).entries()) {
      signal?.throwIfAborted()
      if (f.tail.length > 0) tails.push(file)
      const { blocks, asking } = await manyCandidates(await this.files.open(f), f, queries)
      for (const [i, block] of blocks.entries()) found.push({ block: { ...block, file }, asking: asking[i]! })
    }
    found.sort((a, b) => b.block.tmax - a.block.tmax)
    return {
      loose: tails.map((t) => taskOf(snapshot, [t], [])),
      sealed: taskOf(
        snapshot,
        [],
        found.map((x) => x.block),
      ),
      asking: found.map((x) => x.asking),
    }
  }

  /** Files stay while they are scanned, also those that another thread's snapshot names. */
  async *scan(task: ScanTask, after = -1, signal?: AbortSignal, options: ScanOptions = {}): AsyncGenerator<Page, void, undefined> {
    const files = task.snapshot.parts as readonly SnapshotFile[]
    for (const f of files) this.files.hold(f)
    try {
      yield* this.pages(task, after, signal, options)
    } finally {
      for (const f of files) this.files.letGo(f)
    }
  }

  private async *pages(
    task: ScanTask,
    after: number,
    signal: AbortSignal | undefined,
    options: ScanOptions,
  ): AsyncGenerator<Page, void, undefined> {
    const { tails, block, latest } = task.pages as Pages
    const last = block.length > 0 ? latest[0]! / 1e6 : Number.NEGATIVE_INFINITY
    let page = 0
    for (const [n, number] of tails.entries()) {
      const chunks = cutTail(await this.tail(task.snapshot, number))
      for (const [k, events] of chunks.entries()) {
        signal?.throwIfAborted()
        const next =
          n + 1 < tails.length ? Number.POSITIVE_INFINITY : Math.max(last, (chunks[k + 1]?.times[0] ?? Number.NEGATIVE_INFINITY) / 1e6)
        const batch = page > after ? this.filtered(task.snapshot, number, events) : undefined
        if (batch) yield { batch, next, page }
        page++
      }
    }
    yield* this.blocks(task, { page, after, ...options }, signal)
  }

  async release(snapshot: Snapshot): Promise<void> {
    for (const f of snapshot.parts as readonly SnapshotFile[]) this.files.letGo(f)
    await this.sweep()
  }
  /** Closes files that are gone and that nobody reads. */
  async sweep(): Promise<void> {
    await this.files.sweep(await this.catalogue.files())
  }

  async describe(scope: Scope, signal?: AbortSignal): Promise<Description> {
    return describeFiles(await this.chosen(scope), this.files, scope, signal)
  }
  async terms(query: TermQuery, signal?: AbortSignal): Promise<Lexicon> {
    return lexicon([...(await this.chosen(query)).values()].flat(), this.files, query, signal)
  }
  capabilities(): Capabilities {
    return CAPABILITIES
  }
  async close(): Promise<void> {
    await this.files.close()
    await this.catalogue.close()
  }

  private async chosen(scope: {
    readonly indexes: readonly string[]
    readonly allowed: readonly string[]
  }): Promise<Map<string, IndexFile[]>> {
    const chosen = new Map<string, IndexFile[]>(
      chosenIndexes(await this.catalogue.names(), scope.indexes, scope.allowed).map((name) => [name, []]),
    )
    for (const f of await this.catalogue.files()) chosen.get(f.index)?.push(f)
    return chosen
  }

  /** Undefined when the file was retired meanwhile. */
  private async freeze(f: IndexFile, rank: number): Promise<SnapshotFile | undefined> {
    this.files.hold(f)
    try {
      return await this.frozen(f, rank)
    } catch (error) {
      this.files.letGo(f)
      const live = await this.catalogue.files()
      if (live.some((l) => l.index === f.index && l.bucket === f.bucket)) throw error
      return undefined
    }
  }

  /** One statement sees one state of the file. */
  private async frozen(f: IndexFile, rank: number): Promise<SnapshotFile> {
    const connection = await this.files.open(f)
    const row = await connection.get<{ last: number; serials: string | null }>(
      'SELECT (SELECT coalesce(max(id), 0) FROM blk) AS last, (SELECT group_concat(serial) FROM tail) AS serials',
    )
    return { ...f, rank, lastBlock: row!.last, tail: rangesOf(row!.serials) }
  }

  private async *blocks(
    task: ScanTask,
    from: { page: number; after: number } & ScanOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<Page, void, undefined> {
    const { file, block, latest } = task.pages as Pages
    let i = Math.max(0, from.after + 1 - from.page)
    let size = 1
    let coming = this.fetch(task, i, size, from)
    try {
      while (i < block.length) {
        const { rows, known } = await coming
        // One batch ahead: SQLite reads while these are looked at.
        size *= 2
        coming = this.fetch(task, i + rows.length, size, from)
        for (const row of rows) {
          signal?.throwIfAborted()
          const batch = this.filtered(task.snapshot, file[i]!, readBlock(row), known?.of(row.id, row.n))
          const next = i + 1 < block.length ? latest[i + 1]! / 1e6 : Number.NEGATIVE_INFINITY
          if (batch) yield { batch, next, page: from.page + i }
          i++
        }
      }
    } finally {
      await coming.catch(() => undefined)
    }
  }

  /** The next blocks of a task, as many as lie in one file; without their texts where nobody needs them. */
  private async fetch(task: ScanTask, from: number, count: number, options: ScanOptions): Promise<Fetched> {
    const { file, block } = task.pages as Pages
    const wanted = options.text?.() ?? true
    const most = Math.min(count, wanted ? MOST_AT_ONCE : MOST_WITHOUT_TEXT)
    let to = from
    while (to < block.length && to - from < most && file[to] === file[from]) to++
    if (to === from) return { rows: [], known: undefined }
    const f = (task.snapshot.parts as readonly SnapshotFile[])[file[from]!]!
    const connection = await this.files.open(f)
    // Of one or two blocks the text is sooner read than the index asked.
    const known = block.length > 2 || !wanted ? await this.knownTerms(connection, f, task.snapshot.query) : undefined
    const ids = [...block.subarray(from, to)]
    const bare = wanted || !known || !this.filterOf(task.snapshot.query).bare ? [] : ids.filter((id) => known.whole(id))
    const full = bare.length === 0 ? ids : ids.filter((id) => !known!.whole(id))
    const read = (sql: string, list: readonly number[]) => (list.length > 0 ? connection.all<BlockRow>(sql, JSON.stringify(list)) : [])
    const rows = (await Promise.all([read(BLOCKS, full), read(BARE_BLOCKS, bare)])).flat()
    const byId = new Map(rows.map((r) => [r.id, r]))
    return { rows: ids.map((id) => byId.get(id)!), known }
  }

  private async knownTerms(connection: Connection, f: SnapshotFile, query: StoreQuery): Promise<KnownTerms> {
    const { terms } = this.filterOf(query)
    const key = JSON.stringify([connection.path, f.lastBlock, terms])
    let found = this.known.get(key)
    if (!found) {
      found = KnownTerms.read(connection, terms, f.lastBlock)
      found.catch(() => this.known.delete(key))
      this.known.set(key, found)
      if (this.known.size > KNOWN_KEPT) this.known.delete(this.known.keys().next().value!)
    }
    return found
  }

  private async tail(snapshot: Snapshot, number: number): Promise<readonly NumberedEvent[]> {
    const f = (snapshot.parts as readonly SnapshotFile[])[number]!
    return laterEvents(this.files, f, f.lastBlock, f.tail)
  }

  private filtered(snapshot: Snapshot, number: number, events: Events, known?: KnownRows): EventBatch | undefined {
    const { query } = snapshot
    const f = (snapshot.parts as readonly SnapshotFile[])[number]!
    const times = rowsInTime(events, query)
    if (times === 'none') return undefined
    const mask = this.filterOf(query).test(filterable(events, f.index, known))
    if (mask === undefined) return undefined
    const selection = selected(events, mask, times)
    return selection.length === 0
      ? undefined
      : new EventBatch(events, this.home(snapshot, f), selection.length === events.rows ? undefined : selection)
  }

  private filterOf(query: StoreQuery): Compiled {
    let found = this.filters.get(query)
    if (!found) {
      const { filter } = query
      found = { test: eventFilter(filter), terms: termsAsked(filter), bare: decidedByKnown(filter) }
      this.filters.set(query, found)
    }
    return found
  }

  private readonly dictionariesOf = new WeakMap<Snapshot, (name: string) => ReturnType<ReturnType<typeof dictionaries>>>()
  private home(snapshot: Snapshot, f: SnapshotFile): Home {
    let dictionary = this.dictionariesOf.get(snapshot)
    if (!dictionary) this.dictionariesOf.set(snapshot, (dictionary = dictionaries()))
    return { index: f.index, rank: f.rank, bucket: f.bucket, server: this.place.server, dictionary }
  }
}

interface Compiled {
  readonly test: EventFilter
  /** What the index is asked of. */
  readonly terms: readonly string[]
  /** Where it answers for all of them, no text is needed. */
  readonly bare: boolean
}
interface Fetched {
  readonly rows: readonly BlockRow[]
  readonly known: KnownTerms | undefined
}

const EVERY_EVENT: Predicate = { id: 0, span: { start: 0, end: 0 }, always: true }
const BLOCKS = `SELECT ${BLOCK_COLUMNS.join(', ')} FROM blk WHERE id IN (SELECT value FROM json_each(?))`
const BARE_BLOCKS = BLOCKS.replace(/, raw FROM/, ', NULL AS raw FROM')
