import { dictionaries } from '../../../spl/batch/dictionary'
import type { Predicate, Terms } from '../../../spl/expressions/predicate'
import { toMicros } from '../../../spl/values/time/civil'
import { EventBatch, type Home } from '../../event-batch'
import type {
  Capabilities,
  Description,
  EventReader,
  Lexicon,
  Page,
  ScanTask,
  Scope,
  Snapshot,
  StoreQuery,
  TermQuery,
  Took,
} from '../../event-store'
import { chosenIndexes } from '../../index-names'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { decides, type EventFilter, eventFilter, termsNeeded } from '../../matching/event-filter'
import { BLOCK_COLUMNS, type BlockRow, type Events, type NumberedEvent, readBlock } from './block'
import { Catalogue, type IndexFile } from './catalogue'
import type { Connection } from './connection'
import { describeFiles } from './describe'
import { Files } from './files'
import { filterable } from './filterable'
import { lexicon } from './lexicon'
import { blocksWith } from './lookup'
import { cutTail, laterEvents, rangesOf } from './tail-snapshot'

/** A store as plain data, for a thread that reads it. */
export interface StorePlace {
  readonly dir: string
  /** Value of the field `splunk_server`. */
  readonly server: string
}

/** A file as a snapshot sees it. */
interface SnapshotFile extends IndexFile {
  readonly rank: number
  readonly lastBlock: number
  /** Serials of the events that no block held: first, last, first, last, … */
  readonly tail: Float64Array
}
/** What a task looks at: the tails of some files, then blocks, the latest first when ordered. */
interface Pages {
  readonly tails: readonly number[]
  readonly file: Uint16Array
  readonly block: Uint32Array
  /** Microseconds of the latest event. */
  readonly latest: Float64Array
}

/** Blocks of an unordered task: small, so that the last worker does not keep the others waiting. */
const SLICE = 16
/** Blocks whose facts are asked for by number rather than by a scan of all. */
const FEW = 2000

const CAPABILITIES: Capabilities = {
  durable: true,
  replicas: 0,
  exactTerms: true,
  wildcards: 'prefix',
  aggregates: false,
  terms: 'exact',
  refresh: 0,
}

export async function openReader(place: StorePlace): Promise<EventReader> {
  return new SqliteReader(place, await Catalogue.open(place.dir, 'read'))
}

export class SqliteReader implements EventReader {
  private readonly files: Files
  /** Compiled once per query of this thread. */
  private readonly filters = new WeakMap<StoreQuery, EventFilter>()

  constructor(
    private readonly place: StorePlace,
    private readonly catalogue: Catalogue,
  ) {
    this.files = new Files(place.dir)
  }

  async open(query: StoreQuery, signal?: AbortSignal): Promise<{ snapshot: Snapshot; took: Took }> {
    signal?.throwIfAborted()
    const indexes = chosenIndexes(await this.catalogue.names(), query.indexes, query.allowed)
    const files = (await this.catalogue.files()).filter((f) => indexes.includes(f.index))
    const parts = await Promise.all(files.map((f) => this.freeze(f, indexes.indexOf(f.index))))
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

  async *scan(task: ScanTask, after = -1, signal?: AbortSignal): AsyncGenerator<Page, void, undefined> {
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
    yield* this.blocks(task, { page, after }, signal)
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

  /** One statement sees one state of the file. */
  private async freeze(f: IndexFile, rank: number): Promise<SnapshotFile> {
    const connection = await this.files.open(f)
    const row = await connection.get<{ last: number; serials: string | null }>(
      'SELECT (SELECT coalesce(max(id), 0) FROM blk) AS last, (SELECT group_concat(serial) FROM tail) AS serials',
    )
    return { ...f, rank, lastBlock: row!.last, tail: rangesOf(row!.serials) }
  }

  private async *blocks(
    task: ScanTask,
    from: { page: number; after: number },
    signal?: AbortSignal,
  ): AsyncGenerator<Page, void, undefined> {
    const { file, block, latest } = task.pages as Pages
    const files = task.snapshot.parts as readonly SnapshotFile[]
    const fetch = async (i: number) => {
      const connection = await this.files.open(files[file[i]!]!)
      return (await connection.get<BlockRow>(ONE_BLOCK, block[i]!))!
    }
    const first = Math.max(0, from.after + 1 - from.page)
    let coming = first < block.length ? fetch(first) : undefined
    try {
      for (let i = first; i < block.length; i++) {
        const row = await coming!
        // One ahead: SQLite reads while this block is looked at.
        coming = i + 1 < block.length ? fetch(i + 1) : undefined
        signal?.throwIfAborted()
        const batch = this.filtered(task.snapshot, file[i]!, readBlock(row))
        const next = i + 1 < block.length ? latest[i + 1]! / 1e6 : Number.NEGATIVE_INFINITY
        if (batch) yield { batch, next, page: from.page + i }
      }
    } finally {
      await coming?.catch(() => undefined)
    }
  }

  private async tail(snapshot: Snapshot, number: number): Promise<readonly NumberedEvent[]> {
    const f = (snapshot.parts as readonly SnapshotFile[])[number]!
    return laterEvents(this.files, f, f.lastBlock, f.tail)
  }

  private filtered(snapshot: Snapshot, number: number, events: Events): EventBatch | undefined {
    const { query } = snapshot
    const f = (snapshot.parts as readonly SnapshotFile[])[number]!
    const times = rowsInTime(events, query)
    if (times === 'none') return undefined
    const mask = this.filterOf(query)(filterable(events, f.index))
    if (mask === undefined) return undefined
    const selection = selected(events, mask, times)
    return selection.length === 0
      ? undefined
      : new EventBatch(events, this.home(snapshot, f), selection.length === events.rows ? undefined : selection)
  }

  private filterOf(query: StoreQuery): EventFilter {
    let found = this.filters.get(query)
    if (!found) this.filters.set(query, (found = eventFilter(query.filter)))
    return found
  }

  private readonly dictionariesOf = new WeakMap<Snapshot, (name: string) => ReturnType<ReturnType<typeof dictionaries>>>()
  private home(snapshot: Snapshot, f: SnapshotFile): Home {
    let dictionary = this.dictionariesOf.get(snapshot)
    if (!dictionary) this.dictionariesOf.set(snapshot, (dictionary = dictionaries()))
    return { index: f.index, rank: f.rank, bucket: f.bucket, server: this.place.server, dictionary }
  }
}

const ONE_BLOCK = `SELECT ${BLOCK_COLUMNS.join(', ')} FROM blk WHERE id = ?`

function tookOf(filter: Predicate): Took {
  const conjuncts = ('and' in filter ? filter.and : [filter]).map((predicate) => ({
    predicate,
    by: decides(predicate) ? ('exact' as const) : ('superset' as const),
  }))
  return { conjuncts, exact: conjuncts.every((c) => c.by === 'exact') }
}

interface Candidate {
  readonly file: number
  readonly id: number
  readonly n: number
  readonly tmin: number
  readonly tmax: number
}

/** Blocks that may hold matching events: by terms, then by time, then by what their events have in common. */
async function candidates(connection: Connection, f: SnapshotFile, query: StoreQuery): Promise<Omit<Candidate, 'file'>[]> {
  const needs = [termsNeeded(query.filter), query.hints].filter((t): t is Terms => t !== undefined)
  const bits = needs.length > 0 ? await blocksWith(connection, { all: needs }, f.lastBlock) : undefined
  const ids = bits?.list()
  if (ids?.length === 0) return []
  const keep = blockFilter(query.filter)
  const few = ids && ids.length <= FEW
  const sql = `SELECT id, n, tmin, tmax${keep ? ', sourcetype, source, hosts' : ''} FROM blk WHERE id <= ? AND tmax >= ? AND tmin < ?${few ? ' AND id IN (SELECT value FROM json_each(?))' : ''}`
  const bounds = [f.lastBlock, bound(query.earliest), bound(query.latest)]
  const rows = await connection.all<Omit<Candidate, 'file'> & { sourcetype: string; source: string; hosts: string }>(
    sql,
    ...bounds,
    ...(few ? [JSON.stringify(ids)] : []),
  )
  const facts = (r: (typeof rows)[number]): BlockFacts => ({
    index: f.index,
    sourcetype: r.sourcetype,
    source: r.source,
    hosts: JSON.parse(r.hosts) as string[],
  })
  return rows.filter((r) => (few || !bits || bits.has(r.id)) && (!keep || keep(facts(r)))).sort((a, b) => a.id - b.id)
}
/** Infinity is no SQL number. */
const bound = (seconds: number) => Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, toMicros(seconds)))

function slices(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[]): ScanTask[] {
  const out = tails.map((t) => taskOf(snapshot, [t], []))
  for (let i = 0; i < found.length; i += SLICE) out.push(taskOf(snapshot, [], found.slice(i, i + SLICE)))
  return out
}

function stripes(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[], count: number): ScanTask[] {
  const n = Math.min(count, Math.max(found.length, tails.length > 0 ? 1 : 0))
  return Array.from({ length: n }, (_, k) =>
    taskOf(
      snapshot,
      k === 0 ? tails : [],
      found.filter((_c, i) => i % n === k),
    ),
  )
}

function taskOf(snapshot: Snapshot, tails: readonly number[], blocks: readonly Candidate[]): ScanTask {
  const files = snapshot.parts as readonly SnapshotFile[]
  const pages: Pages = {
    tails,
    file: Uint16Array.from(blocks, (c) => c.file),
    block: Uint32Array.from(blocks, (c) => c.id),
    latest: Float64Array.from(blocks, (c) => c.tmax),
  }
  const inTails = tails.reduce((sum, t) => sum + lengthOf(files[t]!.tail), 0)
  return {
    snapshot,
    estimate: blocks.reduce((sum, c) => sum + c.n, inTails),
    earliest: tails.length > 0 ? Number.NEGATIVE_INFINITY : blocks.reduce((t, c) => Math.min(t, c.tmin), Number.POSITIVE_INFINITY) / 1e6,
    latest: tails.length > 0 ? Number.POSITIVE_INFINITY : blocks.reduce((t, c) => Math.max(t, c.tmax), Number.NEGATIVE_INFINITY) / 1e6,
    pages,
  }
}
function lengthOf(ranges: Float64Array): number {
  let n = 0
  for (let i = 0; i < ranges.length; i += 2) n += ranges[i + 1]! - ranges[i]! + 1
  return n
}

/** Rows stand latest first, so those within the time range are one stretch. */
function rowsInTime(events: Events, query: StoreQuery): readonly [from: number, to: number] | 'none' {
  const earliest = bound(query.earliest)
  const latest = bound(query.latest)
  let from = 0
  let to = events.rows
  while (from < to && events.times[from]! >= latest) from++
  while (to > from && events.times[to - 1]! < earliest) to--
  return from === to ? 'none' : [from, to]
}

function selected(events: Events, mask: Uint8Array, [from, to]: readonly [number, number]): Uint32Array {
  const rows = new Uint32Array(to - from)
  let n = 0
  for (let i = from; i < to; i++) if (mask[i] === 1 && events.gone?.[i] !== 1) rows[n++] = i
  return rows.subarray(0, n)
}
