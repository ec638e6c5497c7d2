import { EVERYTHING } from '../../../spl/batch/demand'
import { dictionaries } from '../../../spl/batch/dictionary'
import type { Predicate } from '../../../spl/expressions/predicate'
import { MAX_ROWS } from '../../../spl/segments/term-set'
import { EventBatch, type Home, type Place } from '../../event-batch'
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
  TestedExchange,
  Took,
} from '../../event-store'
import { chosenIndexes } from '../../index-names'
import { tookOf } from '../../matching/took'
import type { Events, NumberedEvent } from './block'
import { BlockScan } from './block-scan'
import { Catalogue, type IndexFile } from './catalogue'
import { Changes } from './changes'
import { type Chosen, rowsInTime, selected } from './chosen-rows'
import { ColumnFiles } from './column-files'
import { type DescribedPlace, describeFiles } from './describe'
import { Files } from './files'
import { filterable } from './filterable'
import { lexicon } from './lexicon'
import { manyCandidates } from './many-candidates'
import type { FileCandidate, SnapshotFile } from './snapshot-file'
import { cutTail, laterEvents, rangesOf } from './tail-snapshot'
import { type Candidate, candidates, cut, lengthOf, type Pages, slices, stripes, taskOf } from './tasks'

/** A store as plain data, for a thread that reads it. */
export interface StorePlace {
  readonly dir: string
  /** Value of the field `splunk_server`. */
  readonly server: string
  /** See `Changes`; absent: another process may have the store. */
  readonly changes?: Int32Array
}

/** What a reader saw of the store. */
interface Seen {
  /** Of changes, before it looked; undefined: they are not counted. */
  readonly count: number | undefined
  readonly names: readonly string[]
  readonly live: readonly IndexFile[]
  /** As a snapshot sees them, but for their rank. */
  readonly frozen: Map<IndexFile, SnapshotFile>
}

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
  private readonly scanning: BlockScan
  private readonly changes: Changes | undefined
  private seen: Seen | undefined
  /** Count of changes up to which all files that are gone were closed. */
  private swept: number | undefined
  readonly columns: ColumnFiles
  readonly tested: TestedExchange

  constructor(
    private readonly place: StorePlace,
    private readonly catalogue: Catalogue,
  ) {
    this.files = new Files(place.dir)
    this.changes = place.changes && new Changes(place.changes)
    this.scanning = new BlockScan(this.files)
    this.tested = this.scanning.tested
    this.columns = new ColumnFiles(place.dir, this.files, () => catalogue.files(), this.changes)
  }

  async open(query: StoreQuery, signal?: AbortSignal): Promise<{ snapshot: Snapshot; took: Took }> {
    signal?.throwIfAborted()
    const seen = await this.look()
    const indexes = chosenIndexes(seen.names, query.indexes, query.allowed)
    const files = seen.live.filter((f) => indexes.includes(f.index))
    const frozen = await Promise.all(files.map((f) => this.freeze(f, seen)))
    const parts = frozen.flatMap((f) => (f ? [{ ...f, rank: indexes.indexOf(f.index) }] : []))
    const most = parts.reduce((n, f) => n + f.lastBlock * MAX_ROWS + lengthOf(f.tail), 0)
    return { snapshot: { query, indexes, most, parts }, took: tookOf(query.filter) }
  }

  /** What there is: what was seen before, while nothing has changed. */
  private async look(): Promise<Seen> {
    const count = this.changes?.count
    if (this.seen && count !== undefined && this.seen.count === count) return this.seen
    const [names, live] = await Promise.all([this.catalogue.names(), this.catalogue.files()])
    await this.sweepBut(live, count)
    this.seen = { count, names, live, frozen: new Map() }
    return this.seen
  }

  async tasks(snapshot: Snapshot, count: number, signal?: AbortSignal): Promise<readonly ScanTask[]> {
    const { query } = snapshot
    const files = filesOf(snapshot)
    const found: (readonly FileCandidate[])[] = []
    for (const f of files) {
      signal?.throwIfAborted()
      found.push(await candidates(await this.files.open(f), f, query, this.scanning))
    }
    const tails = files.flatMap((f, number) => (f.tail.length > 0 ? [number] : []))
    if (!query.demand.ordered)
      return [
        ...tails.map((t) => taskOf(snapshot, [t], [], () => t)),
        ...found.flatMap((blocks, number) => slices(snapshot, number, blocks)),
      ]
    const all = found.flatMap((blocks, file) => blocks.map((c) => ({ ...c, file })))
    return stripes(
      snapshot,
      all.sort((a, b) => b.tmax - a.tmax),
      tails,
      count,
    )
  }

  cut = cut

  async openMany(queries: readonly StoreQuery[], signal?: AbortSignal): Promise<ManyQueries> {
    const query: StoreQuery = { ...queries[0]!, filter: EVERY_EVENT, hints: undefined, demand: EVERYTHING }
    const { snapshot } = await this.open(query, signal)
    try {
      return await this.manyOf(snapshot, queries, signal)
    } catch (error) {
      await this.release(snapshot)
      throw error
    }
  }
  private async manyOf(snapshot: Snapshot, queries: readonly StoreQuery[], signal?: AbortSignal): Promise<ManyQueries> {
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
      loose: tails.map((t) => taskOf(snapshot, [t], [], () => t)),
      sealed: taskOf(
        snapshot,
        [],
        found.map((x) => x.block),
        (i) => found[i]!.block.file,
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
    let page = 0
    for await (const loose of this.tails(task)) {
      signal?.throwIfAborted()
      if (page > after) yield { batch: this.loose(task.snapshot, loose.file, loose.events), next: loose.next, page }
      page++
    }
    const joined = page > after ? await this.joined(task, options) : undefined
    if (joined) yield { ...joined, page: page + (task.pages as Pages).block.length - 1 }
    else yield* this.blocks(task, { page, after }, options, signal)
  }

  /** Events that were in no block, a page at a time. */
  private async *tails(task: ScanTask): AsyncGenerator<{ readonly file: number; readonly events: Events; readonly next: number }> {
    const { tails, block, latest } = task.pages as Pages
    const last = block.length > 0 ? latest[0]! / 1e6 : Number.NEGATIVE_INFINITY
    for (const [n, file] of tails.entries()) {
      const chunks = cutTail(await this.tail(task.snapshot, file))
      for (const [k, events] of chunks.entries()) {
        const later = chunks[k + 1]?.times[0] ?? Number.NEGATIVE_INFINITY
        yield { file, events, next: n + 1 < tails.length ? Number.POSITIVE_INFINITY : Math.max(last, later / 1e6) }
      }
    }
  }

  private async *blocks(
    task: ScanTask,
    from: { page: number; after: number },
    options: ScanOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<Page> {
    const { block, latest, file } = task.pages as Pages
    let i = Math.max(0, from.after + 1 - from.page)
    for await (const { events, selection, all } of this.scanning.blocks(task, i, options, signal)) {
      if (all) i = block.length - 1
      const next = i + 1 < block.length ? latest[i + 1]! / 1e6 : Number.NEGATIVE_INFINITY
      const place = task.stretch && { stretch: task.stretch.key, lengths: task.stretch.lengths, part: all ? ('all' as const) : i }
      yield { batch: this.batch(task.snapshot, file[i]!, { events, selection }, place), next, page: from.page + i }
      i++
    }
  }

  /** The rows of a stretch as one page, where that is wanted and can be had. */
  private async joined(task: ScanTask, options: ScanOptions): Promise<Pick<Page, 'batch' | 'next'> | undefined> {
    const { stretch, snapshot } = task
    if (!stretch || !options.join) return undefined
    const found = await this.scanning.stretch(task)
    if (!found || !options.join(stretch, found.alive)) return undefined
    const events = this.scanning.whole(task, found.blocks)
    const place = { stretch: stretch.key, lengths: stretch.lengths, part: undefined }
    const batch = this.batch(snapshot, (task.pages as Pages).file[0]!, { events, selection: found.selection }, place)
    return { batch, next: Number.NEGATIVE_INFINITY }
  }

  async release(snapshot: Snapshot): Promise<void> {
    for (const f of snapshot.parts as readonly SnapshotFile[]) this.files.letGo(f)
    await this.sweep()
  }
  /** Closes files that are gone and that nobody reads. */
  async sweep(): Promise<void> {
    const count = this.changes?.count
    if (count === undefined || count !== this.swept) await this.sweepBut(await this.catalogue.files(), count)
  }
  /** @param count of changes before the live files were read */
  private async sweepBut(live: readonly IndexFile[], count: number | undefined): Promise<void> {
    const all = await this.files.sweep(live)
    this.swept = all ? count : undefined
  }

  async describe(scope: Scope, signal?: AbortSignal): Promise<Description> {
    const place: DescribedPlace = { dir: this.place.dir, files: this.files, whileLive: (f, job) => this.whileLive(f, job) }
    return describeFiles(await this.chosen(scope, await this.catalogue.states()), place, scope, signal)
  }
  async terms(query: TermQuery, signal?: AbortSignal): Promise<Lexicon> {
    const files = [...(await this.chosen(query, await this.catalogue.files())).values()].flat()
    return lexicon(files, (f, job) => this.whileLive(f, async () => job(await this.files.open(f))), query, signal)
  }
  capabilities(): Capabilities {
    return CAPABILITIES
  }
  async close(): Promise<void> {
    await this.files.close()
    await this.catalogue.close()
  }

  /** Those of the files that lie in the indexes of a scope, by index. */
  private async chosen<F extends IndexFile>(scope: Pick<Scope, 'indexes' | 'allowed'>, files: readonly F[]): Promise<Map<string, F[]>> {
    const names = chosenIndexes(await this.catalogue.names(), scope.indexes, scope.allowed)
    const chosen = new Map<string, F[]>(names.map((name) => [name, []]))
    for (const f of files) chosen.get(f.index)?.push(f)
    return chosen
  }

  /** Undefined when the file was retired meanwhile. */
  private async freeze(f: IndexFile, seen: Seen): Promise<SnapshotFile | undefined> {
    this.files.hold(f)
    const known = seen.frozen.get(f)
    // Its connection is open, since nothing was closed since.
    if (known && seen.count === this.changes?.count) return known
    try {
      const frozen = await this.frozen(f)
      seen.frozen.set(f, frozen)
      return frozen
    } catch (error) {
      this.files.letGo(f)
      if (await this.isLive(f)) throw error
      return undefined
    }
  }
  private async isLive(f: IndexFile): Promise<boolean> {
    const live = await this.catalogue.files()
    return live.some((l) => l.index === f.index && l.bucket === f.bucket)
  }
  /** The file stays meanwhile. Undefined when it was retired before. */
  private async whileLive<T>(f: IndexFile, job: () => Promise<T>): Promise<T | undefined> {
    this.files.hold(f)
    try {
      return await job()
    } catch (error) {
      if (await this.isLive(f)) throw error
      return undefined
    } finally {
      this.files.letGo(f)
    }
  }

  /** One statement sees one state of the file. */
  private async frozen(f: IndexFile): Promise<SnapshotFile> {
    const connection = await this.files.open(f)
    const row = await connection.get<{ last: number; serials: string | null; removals: number }>(
      'SELECT (SELECT coalesce(max(id), 0) FROM blk) AS last, (SELECT group_concat(serial) FROM tail) AS serials, (SELECT * FROM pragma_application_id) AS removals',
    )
    return { ...f, rank: 0, lastBlock: row!.last, removals: row!.removals, tail: rangesOf(row!.serials) }
  }

  private async tail(snapshot: Snapshot, number: number): Promise<readonly NumberedEvent[]> {
    const f = (snapshot.parts as readonly SnapshotFile[])[number]!
    return laterEvents(this.files, f, f.lastBlock, f.tail)
  }

  private loose(snapshot: Snapshot, number: number, events: Events): EventBatch {
    const { query } = snapshot
    const times = rowsInTime(events, query)
    const within = times[0] < times[1]
    const mask = within ? this.scanning.filterOf(query).test(filterable(events, filesOf(snapshot)[number]!.index)) : undefined
    return this.batch(snapshot, number, { events, selection: selected(events, mask, times) })
  }
  private batch(snapshot: Snapshot, number: number, { events, selection }: Chosen, place?: Place): EventBatch {
    const home = this.home(snapshot, filesOf(snapshot)[number]!)
    return new EventBatch(events, place ? { ...home, place } : home, selection)
  }

  private readonly dictionariesOf = new WeakMap<Snapshot, (name: string) => ReturnType<ReturnType<typeof dictionaries>>>()
  private home(snapshot: Snapshot, f: SnapshotFile): Home {
    let dictionary = this.dictionariesOf.get(snapshot)
    if (!dictionary) this.dictionariesOf.set(snapshot, (dictionary = dictionaries()))
    return { index: f.index, rank: f.rank, bucket: f.bucket, server: this.place.server, dictionary }
  }
}

const filesOf = (snapshot: Snapshot) => snapshot.parts as readonly SnapshotFile[]
const EVERY_EVENT: Predicate = { id: 0, span: { start: 0, end: 0 }, always: true }
