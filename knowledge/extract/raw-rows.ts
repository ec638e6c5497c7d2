import { type Batch, rowsOf } from '../../spl/batch/batch'
import type { ByteSearch, TakeBytes } from '../../spl/batch/byte-search'
import { valueAt } from '../../spl/batch/column'
import { textOf } from '../../spl/values/value'

/** Node's own fast paths, which its type declarations leave out. */
interface Slices {
  utf8Slice(start: number, end: number): string
  latin1Slice(start: number, end: number): string
}
export const utf8 = (data: Buffer, start: number, end: number): string => (data as unknown as Slices).utf8Slice(start, end)
export const latin1 = (data: Buffer, start: number, end: number): string => (data as unknown as Slices).latin1Slice(start, end)

/** The raw texts of a batch as bytes in one piece; what is alive in the batch may be asked for. */
export class RawRows {
  private readonly texts: (string | undefined)[] = []
  private own: Bytes | undefined
  private bounds: Uint32Array | undefined

  constructor(private readonly batch: Batch) {}

  get rows(): number {
    return this.batch.rows
  }
  get offsets(): Uint32Array {
    return (this.bounds ??= this.bytes().offsets)
  }
  /** To be asked for anew before each use: a store may overwrite it when other blocks are read. */
  get data(): Buffer {
    const { data } = this.bytes()
    return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.length)
  }
  text(row: number): string {
    return (this.texts[row] ??= utf8(this.data, this.offsets[row]!, this.offsets[row + 1]!))
  }
  /** As `Batch.search`. */
  search(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    return this.batch.search?.(s, rows, take) ?? false
  }

  private bytes(): Bytes {
    return this.own ?? this.batch.bytes?.() ?? (this.own = bytesOfTexts(this.batch))
  }
}
type Bytes = NonNullable<ReturnType<NonNullable<Batch['bytes']>>>

function bytesOfTexts(batch: Batch): Bytes {
  const column = batch.column('_raw')
  const offsets = new Uint32Array(batch.rows + 1)
  const pieces: Buffer[] = []
  let length = 0
  let next = 0
  for (const row of rowsOf(batch)) {
    for (; next <= row; next++) offsets[next] = length
    const piece = Buffer.from(textOf(valueAt(column, row)) ?? '')
    pieces.push(piece)
    length += piece.length
  }
  for (; next <= batch.rows; next++) offsets[next] = length
  return { data: Buffer.concat(pieces), offsets }
}
