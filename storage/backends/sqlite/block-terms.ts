import { ByteCodes, CLASS, sequenceAt } from '../../../spl/segments/breakers'
import { fold } from '../../../spl/segments/fold'
import { MAX_ROWS, SUBSTITUTE, TABLE } from '../../../spl/segments/term-set'
import { BLOCK_TERMS_CODE } from './block-terms-code'

/** What TypeScript's library for Node leaves out. */
interface Wasm {
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm }

/** See block-terms.as. Places are offsets into the memory; NONE comes as −1. */
interface Code {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly DATA: { readonly value: number }
  readonly DATA_BYTES: { readonly value: number }
  readonly STARTS: { readonly value: number }
  readonly BITS: { readonly value: number }
  readonly ARENA: { readonly value: number }
  readonly LOW: { readonly value: number }
  readonly NIBBLES: { readonly value: number }
  readonly TABLE: { readonly value: number }
  readonly CLASS: { readonly value: number }
  readonly LONGEST: { readonly value: number }
  add(start: number, end: number, row: number): number
  put(length: number): number
  hold(id: number, row: number): void
  resolve(): void
  count(id: number): number
  next(from: number, least: number): number
  textBytes(): number
  reset(): void
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * The distinct terms of a block of events that are cut in full, and which of them hold each: what `TermSet` says, by WebAssembly (measured:
 * twice as fast). It has room for what blocks hold; of what it has no room for it says so.
 */
export class BlockTerms {
  foldsMore = false
  private readonly code: Code
  private readonly bytes: Uint8Array
  private readonly codes = new ByteCodes()
  /** Terms with bytes past ASCII, as they stand, by number; they are decoded and folded once a block. */
  private readonly foreign = new Map<string, number>()

  constructor() {
    const imports = {
      sequence: (i: number) => sequenceAt(this.codes, i),
      foreign: (length: number, row: number) => (this.addForeign(length, row) ? 1 : 0),
    }
    this.code = new wasm.Instance(new wasm.Module(Buffer.from(BLOCK_TERMS_CODE, 'base64')), { env: imports }).exports as Code
    const { memory, CLASS: classes, TABLE: table, NIBBLES: nibbles } = this.code
    this.bytes = new Uint8Array(memory.buffer)
    this.bytes.set(CLASS, classes.value)
    new Uint16Array(memory.buffer, table.value, 256).set(TABLE)
    for (let c = 0; c < 128; c++) if (TABLE[c]! > 255) this.bytes[nibbles.value + (c & 15)]! |= 1 << (c >> 4)
    this.codes.data = this.bytes
  }

  /** Puts in the events of a block: event i is data[offsets[i]] … data[offsets[i + 1]]. False: there is no room; nothing is in it. */
  fill(data: Uint8Array, offsets: Uint32Array): boolean {
    const { code, codes } = this
    const from = code.DATA.value
    if (data.length > code.DATA_BYTES.value || offsets.length - 1 > MAX_ROWS) return false
    this.bytes.set(data, from)
    for (let row = 0; row + 1 < offsets.length; row++) {
      codes.start = from + offsets[row]!
      codes.end = from + offsets[row + 1]!
      if (code.add(codes.start, codes.end, row)) continue
      this.reset()
      return false
    }
    return true
  }

  /** As `TermSet.text`. */
  text(): Uint8Array {
    return this.bytes.subarray(this.code.ARENA.value, this.code.ARENA.value + this.code.textBytes())
  }

  /** As `TermSet.postings`. */
  postings(least: number, sink: (term: Uint8Array, count: number, bits: Uint32Array) => void): void {
    const { code, bytes } = this
    const starts = new Uint32Array(code.memory.buffer, code.STARTS.value)
    const arena = code.ARENA.value
    code.resolve()
    for (let id = code.next(0, least); id >= 0; id = code.next(id + 1, least)) {
      let to = arena + starts[id + 1]! - 1
      while (bytes[to - 1] === 32) to--
      const term = bytes.subarray(arena + starts[id]!, to)
      if (!term.includes(SUBSTITUTE)) sink(term, code.count(id), new Uint32Array(code.memory.buffer, code.BITS.value + id * 32, 8))
    }
  }

  reset(): void {
    this.code.reset()
    this.foldsMore = false
    this.foreign.clear()
  }

  /** The term stands where `LOW` says, lower case as far as it is ASCII. */
  private addForeign(length: number, row: number): boolean {
    const { code, bytes } = this
    const low = code.LOW.value
    const key = Buffer.from(bytes.buffer, low, length).toString('latin1')
    let id = this.foreign.get(key)
    if (id === undefined) {
      const raw = bytes.subarray(low, low + length)
      const folded = encoder.encode(fold(decoder.decode(raw)))
      if (Buffer.compare(raw, folded) !== 0) this.foldsMore = true
      if (folded.length > code.LONGEST.value) return false
      bytes.set(folded, low)
      id = code.put(folded.length)
      if (id < 0) return false
      this.foreign.set(key, id)
    }
    code.hold(id, row)
    return true
  }
}
