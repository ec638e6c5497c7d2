import type { Batch, StoredRows } from '../spl/batch/batch'
import type { Column, DictionaryColumn, MultivalueColumn } from '../spl/batch/column'
import { type Dictionary, TextDictionary } from '../spl/batch/dictionary'
import type { ColumnStore, ScanTask, StoredColumn, StoredValues, Stretch } from '../storage/event-store'

/** Bytes of columns that a thread keeps between searches. */
const KEPT = 96 << 20
/** Columns stored after one search, at most: the next one may wait. The rest comes after that. */
const STORED_AT_ONCE = 512

/** null: the events have no such field. */
type Made = DictionaryColumn | MultivalueColumn | null

/** Fields of stored events that searches of this thread have extracted: the next search over the same events need not read their texts. */
export class ColumnCache {
  /** By what they were extracted with, and by name; the one used last stands last. */
  private readonly fields = new Map<string, FieldColumns>()

  /** The columns extracted with a knowledge. @param made  hash of it */
  of(made: string): KnownColumns {
    return new KnownColumns(made, {
      field: (name) => this.field(`${made} ${name}`),
      known: (name) => this.known(`${made} ${name}`),
      shrink: () => this.shrink(),
    })
  }
  private known(key: string): FieldColumns | undefined {
    const found = this.fields.get(key)
    if (!found) return undefined
    this.fields.delete(key)
    this.fields.set(key, found)
    return found
  }
  private field(key: string): FieldColumns {
    let found = this.known(key)
    if (!found) this.fields.set(key, (found = new FieldColumns()))
    return found
  }
  private shrink(): void {
    let bytes = 0
    for (const f of this.fields.values()) bytes += f.bytes
    for (const [key, f] of this.fields) {
      if (bytes <= KEPT) return
      this.fields.delete(key)
      bytes -= f.bytes
    }
  }
}

interface Keeper {
  /** Made where nothing is kept of it yet. */
  field(name: string): FieldColumns
  known(name: string): FieldColumns | undefined
  shrink(): void
}

/** What one search knows and learns of them. */
export class KnownColumns {
  /** Which parts of a stretch count: those of which it was asked whether they may do. */
  private readonly counting = new Map<string, Uint8Array>()
  private names: readonly string[] = []

  constructor(
    private readonly made: string,
    private readonly keeper: Keeper,
  ) {}

  /** Before the events of some tasks are read: what is stored of the fields that will be asked for. */
  async load(store: ColumnStore | undefined, tasks: readonly ScanTask[], names: readonly string[]): Promise<void> {
    this.names = names
    for (const name of names) {
      const known = this.keeper.known(name)
      if (known) known.askedAgain = true
    }
    const stretches = new Map(tasks.flatMap(({ stretch }) => (stretch ? [[stretch.key, stretch] as const] : [])))
    const lacks = (name: string, { key }: Stretch) => !this.keeper.known(name)?.stretches.get(key)?.complete
    const writes = store?.writes
    const sought = (name: string) => writes !== undefined && this.keeper.known(name)?.sought(writes, stretches)
    const fields = names.filter((name) => [...stretches.values()].some((s) => lacks(name, s)) && !sought(name))
    if (!store || fields.length === 0) return
    const wanted = [...stretches.values()].filter((s) => fields.some((name) => lacks(name, s))).map((s) => s.key)
    const dictionaries = new Map(fields.map((name) => [name, new TextDictionary()]))
    for await (const stored of store.read(this.made, fields, wanted)) {
      const { field, stretch, values } = stored
      const { lengths } = stretches.get(stretch)!
      if (!lacks(field, stretches.get(stretch)!) || !fits(stored, lengths)) continue
      if (dictionaries.get(field)!.full) dictionaries.set(field, new TextDictionary())
      this.keeper.field(field).load(stretch, lengths, values && loaded(values, dictionaries.get(field)!))
      this.keeper.shrink()
    }
    if (writes !== undefined) for (const name of fields) this.keeper.field(name).seek(writes, stretches)
  }
  /** After the search: stores what it, or one before, made of the fields that searches keep asking for. */
  async save(store: ColumnStore | undefined): Promise<void> {
    if (!store) return
    const saved: { readonly column: StoredColumn; readonly kept: StretchColumn }[] = []
    for (const field of this.names) {
      const known = this.keeper.known(field)
      if (!known?.askedAgain) continue
      for (const [stretch, kept] of known.stretches) {
        if (saved.length === STORED_AT_ONCE) break
        if (!kept.stored && kept.complete) saved.push({ kept, column: { field, stretch, values: plain(kept.joined(kept.lengths)) } })
      }
    }
    if (saved.length === 0) return
    for (const { kept } of saved) kept.stored = true
    await store.write(
      this.made,
      saved.map((s) => s.column),
    )
  }
  /** Undefined: not kept; null: the rows have no such field. */
  get({ stretch, part, lengths }: StoredRows, name: string): Column | null | undefined {
    const kept = this.keeper.known(name)?.stretches.get(stretch)
    if (typeof part === 'number') return kept?.part(part)
    if (part === 'all') return kept?.complete ? kept.joined(lengths) : undefined
    // Since `mayDo` another search may have thrown all of it away, and begun anew with some parts.
    return kept && holds(kept, this.counting.get(stretch)) ? kept.joined(lengths) : undefined
  }
  /** @param column of all rows of a part, or of all parts */
  put({ stretch, part, lengths }: StoredRows, name: string, column: Column | undefined): void {
    if (part === undefined || (column && column.kind !== 'dictionary' && column.kind !== 'multivalue')) return
    const field = this.keeper.field(name)
    if (part === 'all') field.stretches.set(stretch, StretchColumn.of(column ?? null, lengths))
    else field.of(stretch, lengths).put(part, column ?? null)
    field.count(column)
    this.keeper.shrink()
  }
  /**
   * Whether what is kept of these fields may be all that is asked of some parts of a stretch: a guess, since which of the fields that others
   * may be made from are asked for shows in the events. Of each either nothing is kept, or all. @param parts  as `ScanOptions.join`: those that
   * are not 0 count; a field may be an indexed one where that is known of the texts alone
   */
  mayDo({ key }: Stretch, names: readonly string[], parts: Uint8Array): boolean {
    if (parts.includes(2)) return false
    let some = false
    for (const name of names) {
      const kept = this.keeper.known(name)?.stretches.get(key)
      if (!kept) continue
      if (!holds(kept, parts)) return false
      some = true
    }
    this.counting.set(key, parts)
    return some
  }
}

/** Whether all parts that count are kept. */
function holds(kept: StretchColumn, counting: Uint8Array | undefined): boolean {
  return counting?.every((counts, part) => counts === 0 || kept.part(part) !== undefined) ?? false
}

class FieldColumns {
  /** By another search than the one that first extracted it: then it is worth a place on the disk. */
  askedAgain = false
  readonly stretches = new Map<string, StretchColumn>()
  private readonly dictionaries = new Set<Dictionary>()
  private codes = 0
  private last: { readonly writes: number; readonly stretches: ReadonlyMap<string, unknown> } | undefined

  /** All of these were looked for on the disk, when so many had been written there. */
  seek(writes: number, stretches: ReadonlyMap<string, unknown>): void {
    this.last = { writes, stretches }
  }
  /** Whether looking once more for these finds nothing more. */
  sought(writes: number, stretches: ReadonlyMap<string, unknown>): boolean {
    const { last } = this
    return last?.writes === writes && [...stretches.keys()].every((key) => last.stretches.has(key))
  }

  get bytes(): number {
    let bytes = this.codes * 4
    for (const d of this.dictionaries) bytes += d.bytes
    return bytes
  }
  of(stretch: string, lengths: Uint32Array): StretchColumn {
    let found = this.stretches.get(stretch)
    if (!found) this.stretches.set(stretch, (found = new StretchColumn(lengths)))
    return found
  }
  load(stretch: string, lengths: Uint32Array, whole: Made): void {
    const made = StretchColumn.of(whole, lengths)
    made.stored = true
    this.stretches.set(stretch, made)
    this.count(whole)
  }
  count(column: Made | undefined): void {
    if (!column) return
    this.dictionaries.add(column.dictionary)
    this.codes += column.codes.length + (column.kind === 'multivalue' ? column.offsets.length : 0)
  }
}

/** A field over a stretch: part by part as it came, put together when it is asked for as a whole. */
class StretchColumn {
  private readonly parts: (Made | undefined)[] = []
  /** Whether the disk has it, or was offered it. */
  stored = false
  private whole: Made | undefined

  constructor(readonly lengths: Uint32Array) {}
  /** All parts at once. */
  static of(whole: Made, lengths: Uint32Array): StretchColumn {
    const made = new StretchColumn(lengths)
    made.whole = whole
    made.complete = true
    return made
  }
  /** Whether all parts are there. */
  complete = false
  part(part: number): Made | undefined {
    const made = this.parts[part]
    return made === undefined && this.complete ? (this.parts[part] = this.cut(part)) : made
  }
  /** A view of the whole. */
  private cut(part: number): Made {
    const from = this.lengths.subarray(0, part).reduce((n, l) => n + l, 0)
    return this.whole ? partOf(this.whole, from, from + this.lengths[part]!) : null
  }
  put(part: number, column: Made): void {
    if (this.complete) return
    this.parts[part] = column
    this.whole = undefined
    this.complete = this.lengths.every((_l, i) => this.parts[i] !== undefined)
  }
  /** Rows of parts that are not there have no value: nobody may ask for them. */
  joined(lengths: Uint32Array): Made {
    if (this.whole === undefined) {
      this.whole = joined(this.parts, lengths)
      if (this.whole?.kind === 'dictionary') this.share(this.whole, lengths)
    }
    return this.whole
  }
  /** The parts as views of the whole, so that they take no room of their own. */
  private share({ codes, dictionary }: DictionaryColumn, lengths: Uint32Array): void {
    let from = 0
    for (const [part, length] of lengths.entries()) {
      if (this.parts[part]) this.parts[part] = { kind: 'dictionary', codes: codes.subarray(from, from + length), dictionary }
      from += length
    }
  }
}

/** A view of some rows. */
function partOf(whole: DictionaryColumn | MultivalueColumn, from: number, to: number): DictionaryColumn | MultivalueColumn {
  return whole.kind === 'dictionary'
    ? { ...whole, codes: whole.codes.subarray(from, to) }
    : { ...whole, offsets: whole.offsets.subarray(from, to + 1) }
}

/** A column with a dictionary of its own, of the texts that it uses. */
function plain(column: Made): StoredValues | null {
  if (!column) return null
  const texts: string[] = []
  const own = new Map([[-1, -1]])
  const codes = column.codes.map((code) => {
    let found = own.get(code)
    if (found === undefined) own.set(code, (found = texts.push(column.dictionary.text(code)) - 1))
    return found
  })
  return column.kind === 'multivalue' ? { codes, offsets: column.offsets, texts } : { codes, texts }
}
/** One dictionary for many stretches: what is counted by it is looked up once. */
function loaded({ codes, offsets, texts }: StoredValues, dictionary: TextDictionary): DictionaryColumn | MultivalueColumn {
  // Nearly all distinct: not worth a lookup.
  const distinct = texts.length > codes.length / 2
  const of = texts.map((text) => (distinct ? dictionary.append(text) : dictionary.intern(text)))
  const common = { codes: codes.map((code) => (code < 0 ? -1 : of[code]!)), dictionary }
  return offsets ? { kind: 'multivalue', offsets, ...common } : { kind: 'dictionary', ...common }
}
const fits = ({ values }: StoredColumn, lengths: Uint32Array): boolean =>
  !values || (values.offsets ? values.offsets.length - 1 : values.codes.length) === lengths.reduce((n, l) => n + l, 0)

function joined(parts: readonly (Made | undefined)[], lengths: Uint32Array): Made {
  const there = parts.filter((p) => p !== undefined && p !== null)
  if (there.length === 0) return null
  const { dictionary, codeOf } = common(there.map((p) => p.dictionary))
  const rows = lengths.reduce((n, l) => n + l, 0)
  if (there.every((p) => p.kind === 'dictionary')) {
    const codes = new Int32Array(rows).fill(-1)
    eachPart(parts, lengths, (part, from) => {
      const of = codeOf(part.dictionary)
      if (of) for (let i = 0; i < part.codes.length; i++) codes[from + i] = part.codes[i]! < 0 ? -1 : of(part.codes[i]!)
      else codes.set(part.codes, from)
    })
    return { kind: 'dictionary', codes, dictionary }
  }
  const codes: number[] = []
  const offsets = new Uint32Array(rows + 1)
  eachRow(parts, lengths, (row, part, at) => {
    if (part) for (const code of codesAt(part, at)) codes.push(codeOf(part.dictionary)?.(code) ?? code)
    offsets[row + 1] = codes.length
  })
  return { kind: 'multivalue', offsets, codes: Int32Array.from(codes), dictionary }
}

function eachPart(
  parts: readonly (Made | undefined)[],
  lengths: Uint32Array,
  take: (part: DictionaryColumn | MultivalueColumn, from: number) => void,
): void {
  let from = 0
  for (const [i, length] of lengths.entries()) {
    const part = parts[i]
    if (part) take(part, from)
    from += length
  }
}
function eachRow(
  parts: readonly (Made | undefined)[],
  lengths: Uint32Array,
  take: (row: number, part: Made | undefined, at: number) => void,
): void {
  let row = 0
  for (const [i, length] of lengths.entries()) for (let at = 0; at < length; at++) take(row++, parts[i], at)
}
function codesAt(c: DictionaryColumn | MultivalueColumn, at: number): Int32Array {
  if (c.kind === 'multivalue') return c.codes.subarray(c.offsets[at], c.offsets[at + 1])
  return c.codes[at]! < 0 ? c.codes.subarray(0, 0) : c.codes.subarray(at, at + 1)
}

/** One dictionary for all: their own where it is one, else a new one. `codeOf` is undefined where codes stay. */
function common(all: readonly Dictionary[]): {
  readonly dictionary: Dictionary
  codeOf(d: Dictionary): ((code: number) => number) | undefined
} {
  if (all.every((d) => d === all[0])) return { dictionary: all[0]!, codeOf: () => undefined }
  const dictionary = new TextDictionary()
  const memos = new Map(all.map((d) => [d, d.memo({}, (code) => dictionary.intern(d.text(code)))]))
  return { dictionary, codeOf: (d) => (code) => memos.get(d)!.at(code) }
}

/** What extraction asks of them; see `ExtractionContext`. */
export const keptBy = (columns: KnownColumns) => ({
  get: ({ stored }: Batch, name: string) => stored && columns.get(stored, name),
  put: ({ stored }: Batch, name: string, column: Column | undefined) => stored && columns.put(stored, name, column),
})
