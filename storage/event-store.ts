import type { Batch } from '../spl/batch/batch'
import type { Predicate } from '../spl/expressions/predicate'
import type { EventQuery } from '../spl/plan/fragment'
import type { Segmentation } from '../spl/segments/segmentation'
import type { BucketFacts, DamagedBucket, ValueFacts } from '../spl/syntax/store-facts'

/**
 * The seam between searches and whatever keeps their events. One contract suite runs over every store. Times are epoch seconds, UTC,
 * kept to the microsecond; `latest` is exclusive. Every verb takes an AbortSignal, which is looked at between its steps.
 */
export interface EventStore extends EventReader {
  /** The names of the indexes, in byte order. */
  indexes(): readonly string[]
  createIndex(name: string, signal?: AbortSignal): Promise<void>
  /** Leases serial numbers for the next `count` events of an index; a lease is never given twice, whatever crashes. */
  reserve(index: string, count: number, signal?: AbortSignal): Promise<Receipt>
  /**
   * Writes events; event i gets serial `receipt.first + i`. Resolves when they are durable, but for those it refuses. An event whose serial
   * is there already is passed over, so that a repeat is harmless. Rejects with StoreError `busy` when too much waits to be written.
   */
  append(index: string, events: readonly NewEvent[], receipt: Receipt, signal?: AbortSignal): Promise<Appended>
  /** Writes what waits for a full block as short blocks. */
  seal(signal?: AbortSignal): Promise<void>
  /** Removes events, in running snapshots too. Answers how many there were. */
  remove(selection: Selection, signal?: AbortSignal): Promise<number>
  /** What was found damaged when the store was opened, and set aside. */
  readonly damage: readonly string[]
}

/** The reading half. It can be opened from plain data in any thread, beside the store that writes. */
export interface EventReader {
  /** Fixes what a search sees: events that are there now, whatever is written meanwhile. */
  open(query: StoreQuery, signal?: AbortSignal): Promise<{ readonly snapshot: Snapshot; readonly took: Took }>
  /**
   * Cuts a snapshot into tasks, plain data that any reader of the store can scan. Ordered (`query.demand.ordered`): at most `count` stripes, each in
   * the order of events. Unordered: many small slices.
   */
  tasks(snapshot: Snapshot, count: number, signal?: AbortSignal): Promise<readonly ScanTask[]>
  /**
   * Cuts a stripe into small ones: no event of a later one is later than its `latest`, the first one's is that of the stripe. `estimate` is
   * shared out evenly.
   */
  cut(stripe: ScanTask): readonly ScanTask[]
  /**
   * The events of a task a page at a time, pulled. Rows that the store could rule out are not alive; those of conjuncts that are `superset` in
   * `took` are to be tested again. @param after a page's `page`: goes on after it
   */
  scan(task: ScanTask, after?: number, signal?: AbortSignal, options?: ScanOptions): AsyncGenerator<Page, void, undefined>
  /**
   * Several queries over the same indexes and time range: their terms are looked up together, each page is read once. The filters are
   * the caller's to test. A store without it is asked query by query.
   */
  openMany?(queries: readonly StoreQuery[], signal?: AbortSignal): Promise<ManyQueries>
  /** No task of the snapshot is scanned any more, in any thread: files that only it still named can go. Without it they go when the store is opened again. */
  release(snapshot: Snapshot): Promise<void>
  describe(scope: Scope, signal?: AbortSignal): Promise<Description>
  terms(query: TermQuery, signal?: AbortSignal): Promise<Lexicon>
  capabilities(): Capabilities
  /** Where values of fields are kept between processes. */
  readonly columns?: ColumnStore
  /** What the texts said of keywords, told from one thread's reader to another's. */
  readonly tested?: TestedExchange
  close(): Promise<void>
}

export interface TestedExchange {
  /** What is asked or found from now on is written down. @returns ends that, and says what it was: plain data */
  record(): () => readonly TestedList[]
  learn(lists: readonly TestedList[]): void
}
/** What blocks said of one keyword: of block i its events' bits, `bits[ends[i - 1]]` … `bits[ends[i]]`; nothing: no event of it. */
export interface TestedList {
  /** File and keyword. */
  readonly key: string
  readonly blocks: Uint32Array
  readonly ends: Uint32Array
  readonly bits: Uint8Array
}

/** What is asked of a store: `indexes` may hold patterns, of which those not allowed are left out. */
export interface StoreQuery extends EventQuery {
  /** Patterns of the indexes that the role may see. `*` does not reach names that begin with `_`. */
  readonly allowed: readonly string[]
}

/** A part of a store, by index and time. */
export interface Scope {
  readonly indexes: readonly string[]
  readonly allowed: readonly string[]
  readonly earliest: number
  readonly latest: number
  /** Looks through every file for damage first, which takes as long as reading it. */
  readonly check?: boolean
}

/** One event as it arrives. */
export interface NewEvent {
  readonly time: number
  readonly indexTime: number
  readonly host: string
  readonly source: string
  readonly sourcetype: string
  /** UTF-8 as a rule; kept byte for byte whatever it is. */
  readonly raw: Uint8Array
  /** Indexed fields: HEC `fields`, INGEST_EVAL, WRITE_META. */
  readonly fields?: IndexedFields | undefined
  /** The zone of the timestamp found in the text: minutes east of UTC, or `local` when it named none. Absent without such a timestamp: then the event has no `date_*`. */
  readonly zone?: number | 'local' | undefined
  /** How its text is cut into the terms by which it is found; absent: in full. */
  readonly segmentation?: Exclude<Segmentation, 'full'> | undefined
}
export type IndexedFields = Readonly<Record<string, string | readonly string[]>>

/** A lease of serial numbers: `first` … `first + count − 1` of an index. */
export interface Receipt {
  readonly index: string
  readonly first: number
  readonly count: number
}
export interface Appended {
  readonly stored: number
  /** Passed over, since their serial was there. */
  readonly repeated: number
  readonly refused: readonly { readonly item: number; readonly reason: string }[]
}

/** How far the store's own filter goes, for each conjunct of `query.filter`; time range and indexes are always exact. */
export interface Took {
  readonly conjuncts: readonly { readonly predicate: Predicate; readonly by: 'exact' | 'superset' }[]
  /** Every conjunct is exact. */
  readonly exact: boolean
}

/** Plain data; what it holds beside the query is the store's own. */
export interface Snapshot {
  readonly query: StoreQuery
  /** Names in byte order: the rank that `Order.index` of the scanned rows speaks of. */
  readonly indexes: readonly string[]
  /** Events that it may hold, at most: told without a look at them. */
  readonly most: number
  readonly parts: unknown
}
export interface ScanTask {
  readonly snapshot: Snapshot
  /** Events that may have to be looked at. */
  readonly estimate: number
  /** Bounds of `_time`; what was not yet sealed when the task was made counts as unbounded. */
  readonly earliest: number
  readonly latest: number
  readonly pages: unknown
  /** Set where the task is a whole stretch of the store. */
  readonly stretch: Stretch | undefined
}
/** Some pages of a store that are always read together in unordered scans. Equal keys, equal events, whenever they are read. */
export interface Stretch {
  readonly key: string
  /** Rows of each page. */
  readonly lengths: Uint32Array
}
/**
 * Values of fields by stretch, for whoever made them from its events. A cache: what cannot be read is not there, what cannot be written is not
 * kept; nothing of it rejects. They go with the events.
 */
export interface ColumnStore {
  /** Those that are there, in any order. @param made  hash of what the fields were made with @param stretches  keys */
  read(made: string, fields: readonly string[], stretches: readonly string[]): AsyncIterable<StoredColumn>
  /** Changes when something was written, by any thread: until then what was not there is not there. Undefined: that is not known. */
  readonly writes: number | undefined
  write(made: string, columns: readonly StoredColumn[]): Promise<void>
}
/** A field over a stretch, as plain data. */
export interface StoredColumn {
  readonly field: string
  readonly stretch: string
  /** null: its events have no such field. */
  readonly values: StoredValues | null
}
export interface StoredValues {
  /** −1 is none. */
  readonly codes: Int32Array
  /** Row i has codes[offsets[i]] … codes[offsets[i+1] − 1]; absent: codes[i]. */
  readonly offsets?: Uint32Array
  readonly texts: readonly string[]
}
/** What several queries may find. The rows of its tasks are cut by time alone. */
export interface ManyQueries {
  /** Pages that every query must look at, in any order. */
  readonly loose: readonly ScanTask[]
  /** The others, in the order of events. */
  readonly sealed: ScanTask
  /** For each page of `sealed` the numbers of the queries that may match some of its events, ascending. */
  readonly asking: readonly Uint32Array[]
}
export interface ScanOptions {
  /**
   * Whether columns made of the raw text (`_raw`, `linecount`, `punct`, whatever is extracted) or `bytes()` will be asked for of the pages to
   * come; asked before each reading, absent: yes. Where they are not, texts are not read at all if the filter can do without them.
   */
  text?(): boolean
  /**
   * Whether the pages of a stretch are wanted as one, without texts: its rows stand page after page, in no order. Asked where the filter can do
   * without texts, with 1 for each page that has rows alive, 2 where some of
   * its events have indexed fields, which only their texts tell. Absent: never.
   */
  join?(stretch: Stretch, alive: Uint8Array): boolean
  /** Told when texts are read: what is kept did not do. */
  reads?(): void
  /** Whether the task is read to its end, whatever is found. Absent: the scan may be stopped early. */
  readonly whole?: boolean
  /** Whether no page is asked for its texts once the next one was: they are freed then. Absent: pages may wait for others. */
  readonly fleeting?: boolean
  /** What this reader will scan next, most likely, with the same options: it may begin to read it. */
  readonly following?: ScanTask | undefined
}
export interface Page {
  /**
   * Rows in the order of events, also where none is alive: whoever reads may want to stop. `order` is set, `bytes()` gives the raw text, which
   * may not have been read where none is.
   */
  readonly batch: Batch
  /** No later row of this task has a later `_time`; −∞ on the last page. */
  readonly next: number
  readonly page: number
}

export type Selection = { readonly query: StoreQuery } | { readonly index: string; readonly serials: readonly number[] }

export interface Description {
  readonly indexes: readonly IndexDescription[]
}
export interface IndexDescription {
  readonly name: string
  readonly events: number
  /** Bytes of raw text, and bytes on disk. */
  readonly rawBytes: number
  readonly diskBytes: number
  readonly hosts: readonly MetadataCount[]
  readonly sources: readonly MetadataCount[]
  readonly sourcetypes: readonly MetadataCount[]
  readonly earliest: number | undefined
  readonly latest: number | undefined
  readonly buckets: readonly BucketDescription[]
  readonly damaged: readonly DamagedBucket[]
}
/** A file of an index. */
export interface BucketDescription extends BucketFacts {
  readonly blocks: number
}
export type MetadataCount = ValueFacts

export interface TermQuery {
  readonly indexes: readonly string[]
  readonly allowed: readonly string[]
  /** A term as the index holds it (lower case), with `*`. */
  readonly pattern: string
  readonly limit: number
}
export interface Lexicon {
  readonly kind: 'exact' | 'sampled' | 'unsupported'
  /** In byte order. `blocks`: in how many blocks the term stands (not events); unsealed events are one block. */
  readonly terms: readonly { readonly term: string; readonly blocks: number }[]
}

export interface Capabilities {
  readonly durable: boolean
  readonly replicas: number
  readonly exactTerms: boolean
  readonly wildcards: 'prefix' | 'all'
  readonly aggregates: boolean
  readonly terms: Lexicon['kind']
  /** Milliseconds until an acknowledged event is found. */
  readonly refresh: number
}

/** `full`: too little space on the disk; `damaged`: a file does not hold what was written; the message names it. */
export type StoreErrorCode =
  | 'busy'
  | 'locked'
  | 'newer'
  | 'unknown-index'
  | 'bad-name'
  | 'bad-receipt'
  | 'closed'
  | 'damaged'
  | 'full'
  | 'read-only'
  | 'failed'

/** Texts of events were asked for in a scan that was told that none would be (`ScanOptions.text`). Its caller scans again with them. */
export class TextMissing extends Error {
  override readonly name = 'TextMissing'
}

/** What a store refuses or fails to do. What is wrong with a search is never one of these. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    /** `busy`: try again after so many milliseconds. */
    readonly delay?: number,
  ) {
    super(message)
  }
}
