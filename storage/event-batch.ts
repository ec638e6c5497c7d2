import { type Batch, type RowSegmentation, rowsOf, type StoredRows, sortedNames } from '../spl/batch/batch'
import { ColumnBuilder } from '../spl/batch/builder'
import type { ByteSearch, TakeBytes } from '../spl/batch/byte-search'
import { type Column, constant } from '../spl/batch/column'
import type { TextDictionary } from '../spl/batch/dictionary'
import type { Order } from '../spl/batch/order'
import type { Segmentation } from '../spl/segments/segmentation'
import { textOf } from '../spl/values/value'
import { dateColumns } from './date-fields'
import type { IndexedFields } from './event-store'

/** Few distinct values over many rows; without `codes` every row has the first. */
export interface Coded<T> {
  readonly values: readonly T[]
  readonly codes: Uint32Array | undefined
}

/** What a batch of stored events is made from. Times are microseconds. */
export interface StoredEvents {
  readonly rows: number
  readonly times: Float64Array
  readonly indexTimes: Float64Array
  readonly serials: Float64Array
  readonly host: Coded<string>
  readonly source: Coded<string>
  readonly sourcetype: Coded<string>
  readonly zone: Coded<string | null>
  readonly segmentation: Coded<Segmentation>
  readonly fields: readonly (IndexedFields | null)[] | undefined
  readonly offsets: Uint32Array
  /** To be asked for anew before each use: what it answered may be overwritten when other blocks are read. */
  raw(): Buffer
  /** As `Batch.search`. */
  search?(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean
}
/** Undefined where all are cut in full: then nobody needs to look at each. */
export function rowSegmentation({ segmentation: { values, codes } }: Pick<StoredEvents, 'segmentation'>): RowSegmentation | undefined {
  if (values.every((v) => v === 'full')) return undefined
  return codes ? (row) => values[codes[row]!]! : () => values[0]!
}

/** Where they lie. */
export interface Home {
  readonly place?: Place | undefined
  readonly index: string
  /** Rank of the index in the snapshot, for `Order`. */
  readonly rank: number
  readonly bucket: number
  readonly server: string
  /** Dictionaries of the scan, by field. */
  dictionary(name: string): TextDictionary
}

/** Where the rows stand in a stretch. */
export type Place = Pick<StoredRows, 'stretch' | 'lengths' | 'part'>

type Maker = (b: EventBatch) => Column | undefined

/** Stored events as a batch: columns are made when asked for, raw text is decompressed when first needed. */
export class EventBatch implements Batch {
  private readonly made = new Map<string, Column | undefined>()
  private readonly own: { order?: Order }

  constructor(
    readonly events: StoredEvents,
    readonly home: Home,
    readonly selection: Uint32Array | undefined,
    private readonly wider?: EventBatch,
  ) {
    this.own = wider ? wider.own : {}
  }
  get stored(): StoredRows | undefined {
    const { place } = this.home
    return place && { ...place, whole: () => (this.selection ? new EventBatch(this.events, this.home, undefined) : this) }
  }

  get rows(): number {
    return this.events.rows
  }
  get order(): Order {
    return (this.own.order ??= { time: seconds(this.events.times), serial: this.events.serials, index: this.home.rank })
  }
  names(): readonly string[] {
    const { fields, zone } = this.events
    const extra = fields ? [...rowsOf(this)].flatMap((row) => Object.keys(fields[row] ?? {})) : []
    const dates = zone.values.some((z) => z !== null) ? Object.keys(DATES) : []
    return sortedNames([...Object.keys(FIELDS), ...dates, ...extra])
  }
  column(name: string): Column | undefined {
    // Made for more rows: good for these too.
    for (let b: EventBatch | undefined = this; b; b = b.wider) if (b.made.has(name)) return b.made.get(name)
    const maker = (Object.hasOwn(FIELDS, name) && FIELDS[name]) || (Object.hasOwn(DATES, name) && DATES[name])
    const column = maker ? maker(this) : this.indexedField(name)
    this.made.set(name, column)
    return column
  }
  narrow(selection: Uint32Array): Batch {
    return new EventBatch(this.events, this.home, selection, this)
  }
  bytes(): { readonly data: Uint8Array; readonly offsets: Uint32Array } {
    return { data: this.events.raw(), offsets: this.events.offsets }
  }
  search(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    return this.events.search?.(s, rows, take) ?? false
  }
  segmentation(): RowSegmentation | undefined {
    return rowSegmentation(this.events)
  }

  /** A text for each row that is alive. @param repeats whether equal texts are likely */
  texts(name: string, text: (row: number) => string, repeats: boolean): Column {
    const dictionary = this.home.dictionary(name)
    const codes = new Int32Array(this.rows)
    const rows = rowsOf(this)
    for (let i = 0; i < rows.length; i++) codes[rows[i]!] = repeats ? dictionary.intern(text(rows[i]!)) : dictionary.append(text(rows[i]!))
    return { kind: 'dictionary', codes, dictionary }
  }

  /** HEC `fields` and their like; they do not reach over a default field. */
  private indexedField(name: string): Column | undefined {
    const { fields } = this.events
    if (!fields?.some((f) => f !== null && Object.hasOwn(f, name))) return undefined
    const builder = new ColumnBuilder(this.home.dictionary(name))
    for (let i = 0; i < this.rows; i++) {
      const f = fields[i]
      const value = f && Object.hasOwn(f, name) ? f[name]! : null
      builder.push(Array.isArray(value) && value.length < 2 ? (value[0] ?? null) : textOrList(value))
    }
    return builder.build()
  }
}

const textOrList = (v: string | readonly string[] | null) => (typeof v === 'string' ? textOf(v) : v)

function seconds(micros: Float64Array): Float64Array {
  const out = new Float64Array(micros.length)
  for (let i = 0; i < out.length; i++) out[i] = micros[i]! / 1e6
  return out
}

const coded =
  (name: 'host' | 'source' | 'sourcetype'): Maker =>
  (b) => {
    const { values, codes } = b.events[name]
    if (!codes) return constant(values[0]!)
    const dictionary = b.home.dictionary(name)
    const numbers = values.map((v) => dictionary.intern(v))
    const out = new Int32Array(b.rows)
    for (let i = 0; i < out.length; i++) out[i] = numbers[codes[i]!]!
    return { kind: 'dictionary', codes: out, dictionary }
  }

/** Bytes that are no UTF-8 read as U+FFFD. DIFFERS: Splunk shows them as `\\xNN`. */
const rawText: Maker = (b) => {
  const data = b.events.raw()
  const { offsets } = b.events
  return b.texts('_raw', (row) => data.toString('utf8', offsets[row], offsets[row + 1]), false)
}

/** Place of the next newline from `from` on; the length of the data where there is none. */
function next(data: Buffer, from: number): number {
  const at = data.indexOf(10, from)
  return at < 0 ? data.length : at
}

/** Lines of the event; a trailing newline was cut off when the event came in. */
const linecount: Maker = (b) => {
  const data = b.events.raw()
  const { offsets } = b.events
  const numbers = new Float64Array(b.rows)
  const rows = rowsOf(b)
  // Kept from row to row: looking from each row on would read the block once for each of its one-line events.
  let newline = -1
  for (let i = 0; i < rows.length; i++) {
    const start = offsets[rows[i]!]!
    const end = offsets[rows[i]! + 1]!
    if (newline < start) newline = next(data, start)
    let lines = 1
    for (; newline < end; newline = next(data, newline + 1)) lines++
    numbers[rows[i]!] = lines
  }
  return { kind: 'number', numbers }
}

const PUNCT_LENGTH = 30
/** The punctuation of the first line: letters and digits left out, a blank as `_`, a tab as `t`. @source Knowledge Manager Manual, "Classify and group similar events" */
const punct: Maker = (b) => {
  const data = b.events.raw()
  const { offsets } = b.events
  return b.texts('punct', (row) => punctOf(data.toString('utf8', offsets[row], offsets[row + 1])), true)
}
export function punctOf(text: string): string {
  let out = ''
  for (const c of text) {
    if (c === '\n' || c === '\r' || out.length >= PUNCT_LENGTH) break
    if (!/[\p{L}\p{N}]/u.test(c)) out += c === ' ' ? '_' : c === '\t' ? 't' : c
  }
  return out
}

/** Fields of every event. @source Knowledge Manager Manual, "About default fields" */
const FIELDS: Readonly<Record<string, Maker>> = {
  _cd: (b) => b.texts('_cd', (row) => `${b.home.bucket}:${b.events.serials[row]!}`, false),
  _indextime: (b) => ({ kind: 'number', numbers: seconds(b.events.indexTimes) }),
  _raw: rawText,
  _time: (b) => ({ kind: 'number', numbers: b.order.time }),
  host: coded('host'),
  index: (b) => constant(b.home.index),
  linecount,
  punct,
  source: coded('source'),
  sourcetype: coded('sourcetype'),
  splunk_server: (b) => constant(b.home.server),
}
const DATES: Readonly<Record<string, Maker>> = Object.fromEntries(
  Object.entries(dateColumns).map(([name, of]) => [
    name,
    (b: EventBatch) => {
      const { zone, times } = b.events
      const builder = new ColumnBuilder(b.home.dictionary(name))
      for (let i = 0; i < b.rows; i++) {
        const z = zone.values[zone.codes ? zone.codes[i]! : 0]!
        builder.push(z === null ? null : of(times[i]!, z))
      }
      return builder.build()
    },
  ]),
)
