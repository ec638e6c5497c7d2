import type { ByteSearch, FrameSearch, JsonNameSearch, TakeBytes } from '../../../spl/batch/byte-search'
import { StoreError } from '../../event-store'
import { CODECS, decompress } from './codec'
import { FRAME_SEARCH_CODE } from './frame-search-code'

/** The text of a block as it is stored. */
export interface StoredText {
  readonly raw: Buffer
  readonly codec: number
  /** Of the text, in bytes. */
  readonly length: number
  /** Where its events begin and end, packed. */
  readonly offs: Buffer
  readonly rows: number
}

/** Of the text of one block, as it is stored and not, and of all together: whatever is larger is not put together. Bytes. */
const BLOCK = 512 << 10
const ALL = 6 << 20
/** What copies run past their end, and what searches read past it. */
const ROOM = 64

/** Whether the texts of some blocks may be put together. @param lengths of each, in bytes */
export const joinable = (lengths: readonly number[]): boolean =>
  lengths.every((n) => n <= BLOCK) && lengths.reduce((n, l) => n + l, 0) <= ALL

/**
 * The texts of several blocks as one, block after block. What `bytes` answers is good until it is asked for those of other blocks: one
 * such text is held by a thread.
 */
export class JoinedText {
  private searches = 0

  /** @param texts that are `joinable` */
  constructor(readonly texts: readonly StoredText[]) {}

  bytes(): Buffer {
    return memory().hold(this)
  }

  /** As `Batch.search`: what is found in a text is told before the next one is looked at. */
  search(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    // The first time the texts pass by one after another, which is nearer to the processor; whoever looks again may do so often.
    if (this.searches++ > 0) this.bytes()
    return memory().search(this, s, rows, take)
  }
}

/** What TypeScript's library for Node leaves out. */
interface Wasm {
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
  readonly RuntimeError: ErrorConstructor
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm }

/** See frame-search.as. Places are offsets into the memory. */
interface Code {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly PARTS: { readonly value: number }
  readonly MOST_PARTS: { readonly value: number }
  readonly LITERALS: { readonly value: number }
  readonly LITERAL_BYTES: { readonly value: number }
  readonly SETS: { readonly value: number }
  readonly MOST_SETS: { readonly value: number }
  readonly LENGTHS: { readonly value: number }
  readonly LENGTH_BYTES: { readonly value: number }
  readonly WANTED: { readonly value: number }
  readonly PLACES: { readonly value: number }
  readonly MOST_ROWS: { readonly value: number }
  readonly FREE: { readonly value: number }
  decode(from: number, end: number, to: number): number
  prepare(needle: number, length: number, parts: number, key: number, before: number, cleans: number, keepsEmpty: number): void
  prepareJson(name: number, length: number, needles: number): void
  search(text: number, stop: number, rows: number, all: number): number
}
const PAGE = 64 << 10
/** A length stands before a block of lz4. */
const HEAD = 4
const KINDS = { literal: 0, run: 1, open: 2, close: 3, 'line start': 4 } as const

/** Of a thread: where texts are decoded and looked through. */
class TextMemory {
  private readonly code = new wasm.Instance(new wasm.Module(Buffer.from(FRAME_SEARCH_CODE, 'base64'))).exports as Code
  /** A block as it is stored; incompressible ones take a little more than their text. */
  private readonly source = this.code.FREE.value
  /** The text of one block, and behind it that of all. */
  private readonly one = this.source + BLOCK + (BLOCK >> 7) + ROOM
  private readonly all = this.one + BLOCK + ROOM
  private readonly bytes: Buffer
  private readonly places: Uint32Array
  private held: JoinedText | undefined
  private text: Buffer = Buffer.alloc(0)
  private prepared: ByteSearch | undefined

  constructor() {
    this.code.memory.grow(Math.ceil((this.all + ALL + ROOM) / PAGE))
    this.bytes = Buffer.from(this.code.memory.buffer)
    this.places = new Uint32Array(this.code.memory.buffer, this.code.PLACES.value, this.code.MOST_ROWS.value * 2)
  }

  hold(joined: JoinedText): Buffer {
    if (this.held !== joined) {
      this.held = undefined
      let to = this.all
      for (const t of joined.texts) to = this.decode(t, to)
      this.text = this.bytes.subarray(this.all, to)
      this.held = joined
    }
    return this.text
  }

  search(joined: JoinedText, s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    if (!this.prepare(s)) return false
    const decoded = this.held === joined
    let base = 0
    let next = 0
    let at = this.all
    for (const t of joined.texts) {
      const from = next
      while (next < rows.length && rows[next]! < base + t.rows) next++
      if (next > from) {
        const start = decoded ? at : this.one
        const stop = decoded ? at + t.length : this.decode(t, start)
        this.look(t, { start, stop, base, wanted: rows.subarray(from, next) })
        this.tell(t.rows, base, take)
      }
      base += t.rows
      at += t.length
    }
    return true
  }

  private look({ offs, rows }: StoredText, { start, stop, base, wanted }: Stretch): void {
    const { code, bytes } = this
    const { value: lengths } = code.LENGTHS
    const { value: marks } = code.WANTED
    const all = wanted.length === rows
    if (rows > code.MOST_ROWS.value || offs.length > code.LENGTH_BYTES.value) throw damaged()
    bytes.set(offs, lengths)
    if (!all) {
      bytes.fill(0, marks, marks + rows)
      for (const row of wanted) bytes[marks + row - base] = 1
    }
    if (code.search(start, stop, rows, all ? 1 : 0) === 0) throw damaged()
  }
  private tell(rows: number, base: number, take: TakeBytes): void {
    const { places, bytes } = this
    for (let row = 0; row < rows; row++) if (places[row * 2] !== 0) take(base + row, bytes, places[row * 2]!, places[row * 2 + 1]!)
  }

  /** @returns where the text ends */
  private decode(t: StoredText, to: number): number {
    const stop = to + t.length
    if (t.length === 0) return stop
    if (t.codec !== CODECS.lz4) {
      this.bytes.set(decompress(t.raw, t.codec, t.length), to)
      return stop
    }
    if (t.raw.length > this.one - this.source - ROOM) throw damaged()
    this.bytes.set(t.raw, this.source)
    let end = -1
    try {
      end = this.code.decode(this.source + HEAD, this.source + t.raw.length, to)
    } catch (e) {
      if (!(e instanceof wasm.RuntimeError)) throw e
    }
    if (end === stop) return stop
    // It may have been written over the texts that are held.
    this.held = undefined
    throw damaged()
  }

  /** False where there is no room for it. */
  private prepare(s: ByteSearch): boolean {
    if (this.prepared === s) return true
    this.prepared = undefined
    const place = new SearchPlace(this.code, this.bytes)
    if (!('name' in s ? place.putName(s) : place.putFrame(s))) return false
    this.prepared = s
    return true
  }
}

/** Where a search is put before it is made. */
class SearchPlace {
  private readonly literals: Shelf
  private readonly sets: Shelf
  private readonly parts: Uint32Array
  private count = 0

  constructor(
    private readonly code: Code,
    bytes: Buffer,
  ) {
    this.literals = new Shelf(bytes, code.LITERALS.value, code.LITERAL_BYTES.value)
    this.sets = new Shelf(bytes, code.SETS.value, code.MOST_SETS.value * 256)
    this.parts = new Uint32Array(code.memory.buffer, code.PARTS.value, code.MOST_PARTS.value * 4)
  }

  /** False where there is no room for it. */
  putFrame(s: FrameSearch): boolean {
    const { code, literals, sets } = this
    for (const p of s.parts) {
      if (p.kind === 'literal') this.addLiteral(p.bytes)
      else if (p.kind === 'run') this.add(KINDS.run, sets.put(p.set), p.least, p.most)
      else if (p.kind === 'line start' || p.group === s.group) this.add(KINDS[p.kind])
    }
    const needle = literals.put(s.needle)
    const key = s.key ? sets.put(s.key.set) : 0
    if (this.full) return false
    code.prepare(needle, s.needle.length, this.count, key, s.key?.before ?? 0, s.key?.cleans ? 1 : 0, s.keepsEmpty ? 1 : 0)
    return true
  }
  /** The same. */
  putName(s: JsonNameSearch): boolean {
    for (const needle of s.needles) this.addLiteral(needle)
    const name = this.literals.put(s.name)
    if (this.full) return false
    this.code.prepareJson(name, s.name.length, this.count)
    return true
  }

  private get full(): boolean {
    return this.literals.full || this.sets.full || this.count > this.code.MOST_PARTS.value
  }
  private addLiteral(bytes: Uint8Array): void {
    this.add(KINDS.literal, this.literals.put(bytes), bytes.length)
  }
  private add(...words: readonly number[]): void {
    if ((this.count + 1) * 4 <= this.parts.length) this.parts.set(words, this.count * 4)
    this.count++
  }
}
/** Where the text of a block stands, its first row among those of all, and which of them are wanted. */
interface Stretch {
  readonly start: number
  readonly stop: number
  readonly base: number
  readonly wanted: Uint32Array
}

/** Bytes put one after another into a part of the memory. */
class Shelf {
  full = false
  constructor(
    private readonly bytes: Buffer,
    private at: number,
    room: number,
    private readonly end = at + room,
  ) {}
  put(bytes: Uint8Array): number {
    const { at } = this
    this.full ||= at + bytes.length > this.end
    if (this.full) return at
    this.bytes.set(bytes, at)
    this.at += bytes.length
    return at
  }
}

const damaged = () => new StoreError('damaged', 'The text of a block is not what was written: it cannot be decompressed.')

const memory = (): TextMemory => (of ??= new TextMemory())
/** Of this thread; made when it is first needed. */
let of: TextMemory | undefined
