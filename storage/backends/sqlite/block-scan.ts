import { type ScanOptions, type ScanTask, type StoreQuery, TextMissing } from '../../event-store'
import { type EventFilter, eventFilter, type MayMatch, termsAsked } from '../../matching/event-filter'
import { TestedTerms } from '../../matching/tested'
import { BARE_COLUMNS, type BareRow, BLOCK_COLUMNS, type BlockRow, bareRow, type Events, TEXT_COLUMNS, type TextRow } from './block'
import { Block } from './block-events'
import { type Chosen, rowsInTime, select, selected } from './chosen-rows'
import type { Connection } from './connection'
import { BlockCache } from './file-blocks'
import type { Files } from './files'
import { filterable, type Tested } from './filterable'
import { JoinedEvents, JoinedTexts, joinedRows } from './joined-events'
import { JoinedText, joinable } from './joined-text'
import { KnownTerms } from './known-terms'
import { TermLookups } from './lookup'
import { keyOf, type SnapshotFile } from './snapshot-file'
import type { Pages } from './tasks'

/** Blocks read in one statement (a statement costs as much as reading a block); a scan that may be stopped early begins with one. */
const MOST_AT_ONCE = 16
/** The same where no texts are read. */
const MOST_WITHOUT_TEXT = 128
/** What is known of the terms of so many filters and files is kept: a scan cut into many small tasks reads it once. */
const KNOWN_KEPT = 16
/** Of so few blocks the texts are sooner read than the index asked. */
const FEW = 2

/** A block on its way: what the filter says of it without its text; `open`: only the text tells. */
interface Looked {
  readonly block: Block
  readonly times: readonly [from: number, to: number]
  readonly mask: MayMatch | 'open'
}
/** The same with its text, where that was read. */
interface Read extends Looked {
  readonly text: TextRow | undefined
  readonly events: Events
}
/** Blocks of which all have theirs. */
type WithText = Read & { readonly text: TextRow }

/** The blocks of a stretch, without their texts. */
interface StretchRows {
  readonly blocks: readonly Events[]
  /** As `ScanOptions.join` is told. */
  readonly alive: Uint8Array
  /** Rows of all of them, one block after the other; undefined: all. */
  readonly selection: Uint32Array | undefined
}
/** Events of one block of a task, or of all of them. */
export interface Scanned extends Chosen {
  readonly all: boolean
}

/** Reads the blocks of scans, for one thread, and keeps what is worth it between them. */
export class BlockScan {
  readonly cache = new BlockCache()
  readonly tested = new TestedTerms()
  readonly lookups = new TermLookups()
  /** Compiled once per query of this thread. */
  private readonly filters = new WeakMap<StoreQuery, Compiled>()
  private readonly known = new Map<string, Promise<KnownTerms>>()
  /** The first blocks of tasks that are scanned next. */
  private readonly ahead = new WeakMap<ScanTask, Promise<readonly Read[] | undefined>>()

  constructor(private readonly files: Files) {}

  filterOf(query: StoreQuery): Compiled {
    let found = this.filters.get(query)
    if (!found) this.filters.set(query, (found = { test: eventFilter(query.filter), terms: termsAsked(query.filter) }))
    return found
  }

  /** The blocks of a task from the given one on: one by one, or a whole stretch as one where that saves the cost of each. */
  async *blocks(task: ScanTask, from: number, options: ScanOptions, signal?: AbortSignal): AsyncGenerator<Scanned> {
    const { block } = task.pages as Pages
    let i = from
    let size = options.whole ? MOST_WITHOUT_TEXT : 1
    let coming = this.first(task, i, size, options)
    try {
      while (i < block.length) {
        const read = await coming
        // One batch ahead: SQLite reads while these are looked at.
        size *= 2
        coming = this.fetch(task, i + read.length, size, options)
        if (i + read.length === block.length && options.following) this.begin(options.following, options)
        if (options.whole && task.stretch && read.length === block.length && alike(read)) {
          yield { ...this.joint(task, read), all: true }
          letGo(read, options)
          return
        }
        for (const r of read) {
          signal?.throwIfAborted()
          yield { ...this.chosen(task, i, r), all: false }
          i++
        }
        letGo(read, options)
      }
    } finally {
      await coming.catch(() => undefined)
    }
  }

  /** Whether or not the task will be scanned here: nobody may ask for what is read, and its file may be closed meanwhile. */
  private begin(task: ScanTask, options: ScanOptions): void {
    this.ahead.set(
      task,
      this.fetch(task, 0, MOST_WITHOUT_TEXT, options).catch(() => undefined),
    )
  }
  private async first(task: ScanTask, from: number, size: number, options: ScanOptions): Promise<readonly Read[]> {
    const begun = from === 0 ? await this.ahead.get(task) : undefined
    this.ahead.delete(task)
    return begun ?? this.fetch(task, from, size, options)
  }

  /** All blocks of a stretch at once, from what is kept of them; undefined where that is not enough. */
  async stretch(task: ScanTask): Promise<StretchRows | undefined> {
    const { file, block } = task.pages as Pages
    const f = fileOf(task, 0)
    const kept = this.cache.of(f)
    if (block.length === 0 || file[0] !== file[file.length - 1] || !kept.holds(block)) return undefined
    const known = await this.knownTerms(await this.files.open(f), f, task.snapshot.query)
    const blocks: Events[] = []
    const alive = new Uint8Array(block.length)
    const rows = new Uint32Array(task.estimate)
    let at = 0
    let base = 0
    for (const [i, id] of block.entries()) {
      const block = kept.of(id)!
      const { events } = block
      const { mask, times } = this.looked({ block, events }, f, task.snapshot.query, known)
      if (mask === 'open') return undefined
      const next = select(events, mask, times, { rows, at, base })
      if (next > at) alive[i] = events.indexed ? 2 : 1
      at = next
      base += events.rows
      blocks.push(events)
    }
    return { blocks, alive, selection: at === base ? undefined : rows.subarray(0, at) }
  }

  /** The events of a stretch as one list, put together once. @param bare  its blocks, without their texts */
  whole(task: ScanTask, bare: readonly Events[]): JoinedEvents {
    return this.cache.of(fileOf(task, 0)).joined(task.stretch!.key, () => new JoinedEvents(bare))
  }

  /** All blocks of a stretch with their texts. */
  private joint(task: ScanTask, read: readonly WithText[]): Chosen {
    const texts = new JoinedText(read.map(storedText))
    let to = 0
    const blocks = read.map((r, i) => {
      const from = to
      to += r.block.length
      const end = to
      return this.chosen(task, i, { ...r, events: r.block.with(r.text, () => texts.bytes().subarray(from, end)) })
    })
    const bare = this.whole(
      task,
      read.map((r) => r.block.events),
    )
    const events = blocks.map((b) => b.events)
    return { events: new JoinedTexts(bare, events, texts), selection: joinedRows(blocks) }
  }

  private chosen(task: ScanTask, i: number, { block, events, times, mask }: Read): Chosen {
    const found = mask === 'open' ? this.test(task.snapshot.query, { id: block.id, events }, fileOf(task, i)) : mask
    return { events, selection: selected(events, found, times) }
  }

  /** The next blocks of a task, as many as lie in one file; without their texts where nobody needs them. */
  private async fetch(task: ScanTask, from: number, count: number, options: ScanOptions): Promise<readonly Read[]> {
    const { file, block } = task.pages as Pages
    const wanted = options.text?.() ?? true
    const most = Math.min(count, wanted ? MOST_AT_ONCE : MOST_WITHOUT_TEXT)
    let to = from
    while (to < block.length && to - from < most && file[to] === file[from]) to++
    if (to === from) return []
    const f = fileOf(task, from)
    const connection = await this.files.open(f)
    const ids = [...block.subarray(from, to)]
    if (block.length <= FEW && !this.cache.of(f).holds(ids)) {
      options.reads?.()
      return this.few(connection, f, ids, task.snapshot.query)
    }
    const known = await this.knownTerms(connection, f, task.snapshot.query)
    const looked = (await this.bare(connection, f, ids)).map((b) =>
      this.looked({ block: b, events: b.events }, f, task.snapshot.query, known),
    )
    const needed = looked.filter((l) => l.mask === 'open' || (l.mask !== undefined && wanted))
    if (needed.length > 0) options.reads?.()
    const texts = await textsOf(connection, needed)
    return looked.map((l) => {
      const text = texts.get(l.block.id)
      return { ...l, text, events: text ? l.block.with(text) : l.block.events }
    })
  }

  /** In one statement: asking the index of so few takes longer. */
  private async few(connection: Connection, f: SnapshotFile, ids: readonly number[], query: StoreQuery): Promise<readonly Read[]> {
    const rows = await connection.all<BlockRow>(WHOLE, JSON.stringify(ids))
    const byId = new Map(rows.map((r) => [r.id, r]))
    const kept = this.cache.of(f)
    for (const row of rows) kept.keep(bareRow(row))
    this.cache.shrink()
    return ids.map((id) => {
      const text = byId.get(id)!
      const block = kept.of(id) ?? new Block(bareRow(text))
      const events = block.with(text)
      return { ...this.looked({ block, events }, f, query, undefined), text, events }
    })
  }

  private async bare(connection: Connection, f: SnapshotFile, ids: readonly number[]): Promise<readonly Block[]> {
    const kept = this.cache.of(f)
    const lacking = ids.filter((id) => !kept.of(id))
    const rows = lacking.length > 0 ? await connection.all<BareRow>(BARE, JSON.stringify(lacking)) : []
    for (const row of rows) kept.keep(row)
    this.cache.shrink()
    const byId = new Map(rows.map((r) => [r.id, r]))
    return ids.map((id) => kept.of(id) ?? new Block(byId.get(id)!))
  }

  private looked(
    { block, events }: Pick<Read, 'block' | 'events'>,
    f: SnapshotFile,
    query: StoreQuery,
    known: KnownTerms | undefined,
  ): Looked {
    const times = rowsInTime(events, query)
    if (times[0] === times[1]) return { block, times, mask: undefined }
    try {
      return { block, times, mask: this.test(query, { id: block.id, events }, f, known) }
    } catch (e) {
      if (!(e instanceof TextMissing)) throw e
      return { block, times, mask: 'open' }
    }
  }
  private test(query: StoreQuery, { id, events }: Pick<Block, 'id' | 'events'>, f: SnapshotFile, known?: KnownTerms): MayMatch {
    return this.filterOf(query).test(filterable(events, f.index, known?.of(id, events.rows), this.testedIn(f, id, events.rows)))
  }
  private testedIn(f: SnapshotFile, block: number, rows: number): Tested {
    const file = keyOf(f)
    return {
      tested: (term) => this.tested.get(file, term, block, rows),
      keep: (term, mask) => this.tested.put(file, term, block, mask),
    }
  }

  private async knownTerms(connection: Connection, f: SnapshotFile, query: StoreQuery): Promise<KnownTerms | undefined> {
    const { terms } = this.filterOf(query)
    if (terms.length === 0) return undefined
    const key = JSON.stringify([connection.path, f.lastBlock, terms])
    let found = this.known.get(key)
    if (!found) {
      found = KnownTerms.read(this.lookups.of(connection, f.lastBlock), terms)
      found.catch(() => this.known.delete(key))
      this.known.set(key, found)
      if (this.known.size > KNOWN_KEPT) this.known.delete(this.known.keys().next().value!)
    }
    return found
  }
}

interface Compiled {
  readonly test: EventFilter
  /** What the index is asked of. */
  readonly terms: readonly string[]
}

const fileOf = (task: ScanTask, i: number): SnapshotFile =>
  (task.snapshot.parts as readonly SnapshotFile[])[(task.pages as Pages).file[i]!]!

/** Whether blocks may come as one: all have their texts, and all are extracted alike. */
function alike(read: readonly Read[]): read is readonly WithText[] {
  const [source, sourcetype] = originOf(read[0]!)
  const same = (r: Read) => {
    const [s, t] = originOf(r)
    return r.text !== undefined && s === source && t === sourcetype
  }
  return read.length > 1 && read.every(same) && joinable(read.map((r) => r.block.length))
}
const storedText = ({ block, text }: WithText) => ({
  raw: text.raw,
  codec: block.codec,
  length: block.length,
  offs: text.offs,
  rows: block.events.rows,
})
const originOf = ({ block: { events } }: Read) => [events.source.values[0], events.sourcetype.values[0]] as const

/** Frees texts that were read, where nobody asks for them any more: V8 counts their bytes, and would collect garbage anew for each 64 MB of them. */
function letGo(read: readonly Read[], { fleeting }: ScanOptions): void {
  if (!fleeting) return
  const texts = read.flatMap(({ text }) => (text ? [text.raw] : []))
  const transfer = texts.filter((t) => t.length > 0 && t.length === t.buffer.byteLength).map((t) => t.buffer as ArrayBuffer)
  structuredClone(null, { transfer })
}

async function textsOf(connection: Connection, needed: readonly Looked[]): Promise<ReadonlyMap<number, TextRow>> {
  if (needed.length === 0) return new Map()
  const rows = await connection.all<TextRow>(TEXTS, JSON.stringify(needed.map((l) => l.block.id)))
  return new Map(rows.map((r) => [r.id, r]))
}

const BARE = `SELECT ${BARE_COLUMNS.join(', ')} FROM blk WHERE id IN (SELECT value FROM json_each(?))`
const WHOLE = `SELECT ${BLOCK_COLUMNS.join(', ')} FROM blk WHERE id IN (SELECT value FROM json_each(?))`
const TEXTS = `SELECT ${TEXT_COLUMNS.join(', ')} FROM blk WHERE id IN (SELECT value FROM json_each(?))`
