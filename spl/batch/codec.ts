/**
 * Batches and states as bytes: what crosses threads, what spills to disk, and what a job's spool holds. A frame is self-contained:
 * `[u32 header length][header JSON][padding to 8][arrays, each padded to 8]`. Only rows that are alive and texts that are used travel.
 */
import type { Value } from '../values/value'
import { type Batch, batchOf, rowsOf } from './batch'
import type { Column, DictionaryColumn, MultivalueColumn, NumberColumn } from './column'
import { type Dictionary, TextDictionary } from './dictionary'
import { type Order, pickOrder } from './order'

type Packed = Int32Array | Float64Array | Uint8Array | Int8Array | Uint32Array | Uint16Array
const TYPES = { i32: Int32Array, f64: Float64Array, u8: Uint8Array, i8: Int8Array, u32: Uint32Array, u16: Uint16Array } as const
type TypeName = keyof typeof TYPES
type Ref = readonly [type: TypeName, offset: number, length: number]

type ColumnHeader =
  | { readonly k: 'c'; readonly v: unknown; readonly p: number }
  | { readonly k: 'd'; readonly codes: Ref; readonly texts: TextsHeader }
  | { readonly k: 'n'; readonly x: Ref; readonly nulls?: Ref; readonly places?: Ref }
  | { readonly k: 'm'; readonly offsets: Ref; readonly codes: Ref; readonly texts: TextsHeader }
interface TextsHeader {
  /** UTF-16 lengths of the texts. */
  readonly lengths: Ref
  readonly bytes: Ref
  readonly utf16?: true
}
interface Header {
  readonly rows: number
  readonly columns: readonly (readonly [name: string, column: ColumnHeader])[]
  readonly order?: { readonly time: Ref; readonly serial: Ref; readonly index: number | Ref }
}

class Writer {
  readonly arrays: Packed[] = []
  size = 0
  put(type: TypeName, a: Packed): Ref {
    const ref: Ref = [type, this.size, a.length]
    this.arrays.push(a)
    this.size += (a.byteLength + 7) & ~7
    return ref
  }
  frame(header: Header): Uint8Array {
    const json = new TextEncoder().encode(JSON.stringify(header))
    const start = (4 + json.length + 7) & ~7
    const out = new Uint8Array(start + this.size)
    new DataView(out.buffer).setUint32(0, json.length, true)
    out.set(json, 4)
    let at = start
    for (const a of this.arrays) {
      out.set(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), at)
      at += (a.byteLength + 7) & ~7
    }
    return out
  }
}
/** JSON has no NaN, no infinities and no −0. Only a constant's value may be one: the rest of a header needs no look (it costs more than the JSON itself). */
const packed = (v: Value) => (typeof v !== 'number' || (Number.isFinite(v) && !Object.is(v, -0)) ? v : { '#': v === 0 ? '-0' : String(v) })
const unpacked = (v: unknown) => (v !== null && typeof v === 'object' && '#' in v ? Number(v['#']) : (v as Value))

/** The alive rows of a batch with the named columns; columns that are not there are left out. */
export function encodeBatch(b: Batch, names: readonly string[]): Uint8Array {
  const rows = rowsOf(b)
  const w = new Writer()
  const columns: (readonly [string, ColumnHeader])[] = []
  for (const name of names) {
    const c = b.column(name)
    if (c) columns.push([name, putColumn(w, c, rows)])
  }
  const order = b.order && putOrder(w, pickOrder(b.order, rows))
  return w.frame({ rows: rows.length, columns, ...(order && { order }) })
}

function putOrder(w: Writer, o: Order) {
  return {
    time: w.put('f64', o.time),
    serial: w.put('f64', o.serial),
    index: typeof o.index === 'number' ? o.index : w.put('u16', o.index),
  }
}

/** A state: columns of any lengths. */
export function encodeState(state: Readonly<Record<string, Column>>): Uint8Array {
  const w = new Writer()
  const columns = Object.entries(state).map(([name, c]) => [name, putColumn(w, c, undefined)] as const)
  return w.frame({ rows: 0, columns })
}

function putColumn(w: Writer, c: Column, rows: Uint32Array | undefined): ColumnHeader {
  switch (c.kind) {
    case 'constant':
      return { k: 'c', v: packed(c.value), p: c.places }
    case 'number':
      return putNumbers(w, c, rows)
    case 'dictionary': {
      const used = renumber(c.dictionary)
      const codes = taken(c.codes, rows, Int32Array)
      for (let i = 0; i < codes.length; i++) codes[i] = used.of(codes[i]!)
      return { k: 'd', codes: w.put('i32', codes), texts: putTexts(w, used.texts) }
    }
    case 'multivalue':
      return putLists(w, c, rows)
  }
}

function putNumbers(w: Writer, c: NumberColumn, rows: Uint32Array | undefined): ColumnHeader {
  const nulls = c.nulls && w.put('u8', taken(c.nulls, rows, Uint8Array))
  const places = c.places && w.put('i8', taken(c.places, rows, Int8Array))
  return { k: 'n', x: w.put('f64', taken(c.numbers, rows, Float64Array)), ...(nulls && { nulls }), ...(places && { places }) }
}

function putLists(w: Writer, c: MultivalueColumn, rows: Uint32Array | undefined): ColumnHeader {
  const used = renumber(c.dictionary)
  const n = rows ? rows.length : c.offsets.length - 1
  const offsets = new Uint32Array(n + 1)
  const codes: number[] = []
  for (let i = 0; i < n; i++) {
    const r = rows ? rows[i]! : i
    for (let k = c.offsets[r]!; k < c.offsets[r + 1]!; k++) codes.push(used.of(c.codes[k]!))
    offsets[i + 1] = codes.length
  }
  return { k: 'm', offsets: w.put('u32', offsets), codes: w.put('i32', Int32Array.from(codes)), texts: putTexts(w, used.texts) }
}

function taken<A extends Int32Array | Float64Array | Uint8Array | Int8Array>(
  a: A,
  rows: Uint32Array | undefined,
  make: new (n: number) => A,
): A {
  if (!rows) return a.slice() as A
  const out = new make(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = a[rows[i]!]!
  return out
}

/** Codes of the texts that are used, in the order of first use. */
function renumber(d: Dictionary): { of(code: number): number; readonly texts: string[] } {
  const texts: string[] = []
  const codes = new Map<number, number>()
  return {
    texts,
    of(code) {
      if (code < 0) return -1
      const known = codes.get(code)
      if (known !== undefined) return known
      codes.set(code, texts.length)
      return texts.push(d.text(code)) - 1
    },
  }
}

function putTexts(w: Writer, texts: readonly string[]): TextsHeader {
  const lengths = Uint32Array.from(texts, (t) => t.length)
  const all = texts.join('')
  // Lone surrogates (JSON's \ud800) do not survive UTF-8.
  const wide = !all.isWellFormed()
  const bytes = wide ? utf16(all) : new TextEncoder().encode(all)
  return { lengths: w.put('u32', lengths), bytes: w.put('u8', bytes), ...(wide && { utf16: true as const }) }
}
function utf16(text: string): Uint8Array {
  const units = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
  return new Uint8Array(units.buffer)
}

/** The rows of a frame. Its arrays are views of the bytes where these are aligned, copies elsewhere. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const { header, get } = open(bytes)
  const o = header.order
  const order = o && {
    time: get(o.time) as Float64Array,
    serial: get(o.serial) as Float64Array,
    index: typeof o.index === 'number' ? o.index : (get(o.index) as Uint16Array),
  }
  return batchOf(
    header.rows,
    header.columns.map(([name, c]) => [name, columnOf(c, get)] as const),
    order,
  )
}

export function decodeState(bytes: Uint8Array): Record<string, Column> {
  const { header, get } = open(bytes)
  return Object.fromEntries(header.columns.map(([name, c]) => [name, columnOf(c, get)]))
}

function open(bytes: Uint8Array): { header: Header; get: (ref: Ref) => Packed } {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header
  const start = (4 + length + 7) & ~7
  return {
    header,
    get([type, offset, n]) {
      const make = TYPES[type]
      const at = bytes.byteOffset + start + offset
      const size = n * make.BYTES_PER_ELEMENT
      return at % 8 === 0
        ? new make(bytes.buffer as ArrayBuffer, at, n)
        : new make(bytes.slice(start + offset, start + offset + size).buffer, 0, n)
    },
  }
}

function columnOf(c: ColumnHeader, get: (ref: Ref) => Packed): Column {
  switch (c.k) {
    case 'c':
      return { kind: 'constant', value: unpacked(c.v), places: c.p }
    case 'n':
      return {
        kind: 'number',
        numbers: get(c.x) as Float64Array,
        ...(c.nulls && { nulls: get(c.nulls) as Uint8Array }),
        ...(c.places && { places: get(c.places) as Int8Array }),
      }
    case 'd':
      return { kind: 'dictionary', codes: get(c.codes) as Int32Array, dictionary: textsOf(c.texts, get) } satisfies DictionaryColumn
    case 'm':
      return {
        kind: 'multivalue',
        offsets: get(c.offsets) as Uint32Array,
        codes: get(c.codes) as Int32Array,
        dictionary: textsOf(c.texts, get),
      }
  }
}

function textsOf(h: TextsHeader, get: (ref: Ref) => Packed): Dictionary {
  const lengths = get(h.lengths) as Uint32Array
  const bytes = get(h.bytes) as Uint8Array
  const all = h.utf16 ? textOfUnits(bytes) : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const d = new TextDictionary()
  let at = 0
  for (const n of lengths) d.append(all.slice(at, (at += n)))
  return d
}

/** Not through TextDecoder, which replaces lone surrogates. */
function textOfUnits(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.slice().buffer)
  let text = ''
  for (let i = 0; i < units.length; i += 8192) text += String.fromCharCode(...units.subarray(i, i + 8192))
  return text
}
