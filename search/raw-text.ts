import { isUtf8 } from 'node:buffer'

/** A byte that is no part of a character stands in the text as U+DC00 + byte: half of a pair, which no UTF-8 gives. */
const BYTE = 0xdc00
const BYTES = /([\udc80-\udcff]+)/u
const BOM = Buffer.from('\ufeff')

/** Bytes in chunks as text that can be cut and searched, and its pieces as the bytes that came: also those that are no UTF-8. */
export class RawText {
  private held: Buffer = Buffer.alloc(0)
  private begun = false
  /** Whether some were no UTF-8. */
  private odd = false

  /** A character that the chunk cuts waits for the next one. A byte order mark at the beginning is no text. */
  decode(chunk: Uint8Array): string {
    const bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : viewed(chunk)
    if (!this.begun && bytes.length < BOM.length) return this.hold(bytes, 0)
    const start = !this.begun && bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0
    this.begun = true
    const end = bytes.length - unfinished(bytes)
    const text = this.textOf(bytes.subarray(start, Math.max(start, end)))
    return text + this.hold(bytes, Math.max(start, end))
  }
  /** What still waits. */
  end(): string {
    return this.textOf(this.held)
  }
  encode(text: string): string | Buffer {
    if (!this.odd) return text
    const bytes = (codes: string) => Buffer.from(Array.from(codes, (c) => c.charCodeAt(0) - BYTE))
    return Buffer.concat(text.split(BYTES).map((piece, i) => (i % 2 === 1 ? bytes(piece) : Buffer.from(piece))))
  }

  private hold(bytes: Buffer, from: number): '' {
    this.held = Buffer.from(bytes.subarray(from))
    return ''
  }
  private textOf(bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString('utf8')
    this.odd = true
    let text = ''
    let from = 0
    for (let i = 0; i < bytes.length; ) {
      const length = characterAt(bytes, i)
      if (length === 0) {
        text += bytes.toString('utf8', from, i) + String.fromCharCode(BYTE + bytes[i]!)
        from = i + 1
      }
      i += length || 1
    }
    return text + bytes.toString('utf8', from)
  }
}

const viewed = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

/** Bytes that the first byte of a character says it has; 1 for what is none. */
const lengthOf = (first: number): number => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4)

/** Length of the character that begins at `i`, or 0 where none does. */
function characterAt(bytes: Buffer, i: number): number {
  if (bytes[i]! < 0x80) return 1
  const length = lengthOf(bytes[i]!)
  return i + length <= bytes.length && isUtf8(bytes.subarray(i, i + length)) ? length : 0
}

/** How many bytes at the end may be the beginning of a character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte >= 0xc0) return lengthOf(byte) > back ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}
