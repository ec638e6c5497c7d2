import { CollectorProblem } from './problems'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const LIST_OPEN = 0x5b
const LIST_CLOSE = 0x5d
const COMMA = 0x2c
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/**
 * Cuts a stream of bytes into the texts of its JSON objects: one after another with or without blanks between, or in lists.
 * Only borders are found here, by counting braces outside of strings; whether a text is JSON is its reader's to say.
 * Bytes above 127 are parts of characters that are none of these, so a border of chunks may fall anywhere.
 */
export class JsonObjects {
  private readonly parts: Uint8Array[] = []
  private bytes = 0
  private depth = 0
  private inString = false
  private escaped = false
  private inList = false

  /** @param mostBytes  of one object */
  constructor(private readonly mostBytes: number) {}

  /** The objects that end in this chunk. @throws CollectorProblem 6 for what can be no object, 9 for one that is too large */
  *push(chunk: Uint8Array): Generator<string> {
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (this.depth === 0) {
        if (byte === OPEN) {
          start = i
          this.depth = 1
        } else this.between(byte)
      } else if (this.inString) this.string(byte)
      else if (byte === QUOTE) this.inString = true
      else if (byte === OPEN) this.depth++
      else if (byte === CLOSE && --this.depth === 0) yield this.taken(chunk.subarray(start, i + 1))
    }
    if (this.depth > 0) this.keep(chunk.subarray(start))
  }

  /** @throws CollectorProblem 6 when an object or a list is open */
  end(): void {
    if (this.depth > 0 || this.inList) throw new CollectorProblem(6)
  }

  /** Bytes of the object that is open. */
  get pending(): number {
    return this.bytes
  }

  private string(byte: number): void {
    if (this.escaped) this.escaped = false
    else if (byte === BACKSLASH) this.escaped = true
    else if (byte === QUOTE) this.inString = false
  }

  private between(byte: number): void {
    if (isBlank(byte)) return
    if (byte === LIST_OPEN && !this.inList) this.inList = true
    else if (byte === LIST_CLOSE && this.inList) this.inList = false
    else if (byte !== COMMA || !this.inList) throw new CollectorProblem(6)
  }

  private keep(part: Uint8Array): void {
    this.bytes += part.length
    if (this.bytes > this.mostBytes) throw new CollectorProblem(9)
    this.parts.push(part)
  }

  private taken(last: Uint8Array): string {
    this.keep(last)
    const text = Buffer.concat(this.parts).toString('utf8')
    this.parts.length = 0
    this.bytes = 0
    return text
  }
}
