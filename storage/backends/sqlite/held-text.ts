import { StoreError } from '../../event-store'
import { CODECS, decompress } from './codec'
import { LZ4_CODE } from './lz4-code'

/** Places for the texts of blocks, of so many bytes each; a block that is larger has memory of its own. */
const PLACES = 32
const PLACE = 512 << 10
/** What copies run past their end, and some more. */
const ROOM = 64
/** Compressed bytes stand before the places; incompressible ones take a little more than their text. */
const SOURCE = PLACE + (PLACE >> 7) + ROOM
const PAGE = 64 << 10

/**
 * The text of a block, decompressed when it is asked for. What `bytes` answers is good until the texts of PLACES other blocks have been
 * asked for: memory that is used again costs no garbage collection, which took longer than decompressing did. Ask anew before each use.
 */
export class HeldText {
  private place = -1
  private own: Buffer | undefined

  /** @param length of the text in bytes */
  constructor(
    private readonly data: Buffer,
    private readonly codec: number,
    private readonly length: number,
  ) {}

  bytes(): Buffer {
    if (this.own) return this.own
    if (this.codec !== CODECS.lz4 || this.length === 0) return (this.own = decompress(this.data, this.codec, this.length))
    if (this.length > PLACE || this.data.length > PLACE) return (this.own = alone(this.data, this.length))
    if (ring === undefined) ring = new Ring()
    if (!ring.holds(this, this.place)) this.place = ring.put(this, this.data, this.length)
    return ring.at(this.place)
  }
}

/** What TypeScript's library for Node leaves out. */
interface Wasm {
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
  readonly RuntimeError: ErrorConstructor
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm }

interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  /** From the bytes … to: answers where the text ends. */
  decode(from: number, end: number, to: number): number
}
let code: object | undefined
function decoder(bytes: number): Decoder {
  code ??= new wasm.Module(Buffer.from(LZ4_CODE, 'base64'))
  const found = new wasm.Instance(code).exports as unknown as Decoder
  found.memory.grow(Math.ceil(bytes / PAGE))
  return found
}

/** A length stands before a block: four bytes, as the compressor writes it. */
const HEAD = 4

function decoded({ memory, decode }: Decoder, data: Buffer, length: number, to: number): void {
  new Uint8Array(memory.buffer).set(data)
  let end = -1
  try {
    end = decode(HEAD, data.length, to)
  } catch (e) {
    if (!(e instanceof wasm.RuntimeError)) throw e
  }
  if (end === to + length) return
  // It may have been written over the texts of others.
  ring = undefined
  throw new StoreError('damaged', 'The text of a block is not what was written: it cannot be decompressed.')
}

/** A text that has no place: a copy, since memory of WebAssembly takes far more room for addresses than for bytes, and goes late. */
function alone(data: Buffer, length: number): Buffer {
  const to = data.length + ROOM
  const bytes = to + length + ROOM
  if (!large || large.memory.buffer.byteLength < bytes) large = decoder(bytes)
  decoded(large, data, length, to)
  return Buffer.from(new Uint8Array(large.memory.buffer, to, length))
}
/** Of this thread, as large as the largest text so far. */
let large: Decoder | undefined

/** The texts that a thread holds. */
class Ring {
  private readonly decoder = decoder(SOURCE + PLACES * (PLACE + ROOM))
  private readonly holders: (HeldText | undefined)[] = []
  private readonly texts: Buffer[] = []
  private next = 0

  holds(text: HeldText, place: number): boolean {
    return place >= 0 && this.holders[place] === text
  }
  at(place: number): Buffer {
    return this.texts[place]!
  }
  put(text: HeldText, data: Buffer, length: number): number {
    const place = this.next
    this.next = (this.next + 1) % PLACES
    const to = SOURCE + place * (PLACE + ROOM)
    this.holders[place] = undefined
    decoded(this.decoder, data, length, to)
    this.texts[place] = Buffer.from(this.decoder.memory.buffer, to, length)
    this.holders[place] = text
    return place
  }
}
/** Of this thread; made when the first text is read. */
let ring: Ring | undefined
