import type { RowSegmentation } from '../../spl/batch/batch'
import { fold } from '../../spl/segments/fold'
import { FoldedText } from './folded-search'

/** The events of a block one after another in one run of bytes: event i is data[offsets[i]] … data[offsets[i + 1]]. */
interface Bytes {
  readonly data: Buffer
  readonly offsets: Uint32Array
}
/** The same as what is looked for in it is written: in the case that it came in, or in lower case, in which `data` may not be. */
export interface Run extends Bytes {
  /** The first place from `from` on where the needle stands and ends by `to`; −1: none. */
  find(needle: Buffer, from: number, to: number): number
  /** Of an event. */
  text(row: number): string
}

/** The bytes of a block as they came and in lower case. */
export interface BlockText {
  readonly rows: number
  readonly raw: Run
  readonly folded: Run
  /** How each event was cut; undefined: all in full. */
  readonly segmentation: RowSegmentation | undefined
  /** Some of the events, as if the block held no others. */
  only(rows: Uint32Array): BlockText
}

/** @param plain folding changes nothing but A–Z (`TermSet.foldsMore` was false): then bytes are compared without decoding them */
export const blockText = (data: Buffer, offsets: Uint32Array, plain: boolean, segmentation?: RowSegmentation): BlockText =>
  new TextOfBlock({ data, offsets }, plain, segmentation)

class TextOfBlock implements BlockText {
  private inOneCase: Run | undefined
  constructor(
    private readonly bytes: Bytes,
    private readonly plain: boolean,
    readonly segmentation: RowSegmentation | undefined,
  ) {}
  get rows(): number {
    return this.bytes.offsets.length - 1
  }
  get raw(): Run {
    return asItIs(this.bytes)
  }
  get folded(): Run {
    return (this.inOneCase ??= this.plain ? inLowerCase(this.bytes) : asItIs(refolded(this.bytes)))
  }
  only(rows: Uint32Array): BlockText {
    const { segmentation } = this
    return new TextOfBlock(copied(this.bytes, rows), this.plain, segmentation && ((row) => segmentation(rows[row]!)))
  }
}

const textOf = ({ data, offsets }: Bytes, row: number): string => data.toString('utf8', offsets[row], offsets[row + 1])

function asItIs(bytes: Bytes): Run {
  const { data } = bytes
  const find = (needle: Buffer, from: number, to: number) => (to === data.length ? data : data.subarray(0, to)).indexOf(needle, from)
  return { ...bytes, find, text: (row) => textOf(bytes, row) }
}
function inLowerCase(bytes: Bytes): Run {
  const folded = new FoldedText(bytes.data)
  return { ...bytes, find: (needle, from, to) => folded.find(needle, from, to), text: (row) => fold(textOf(bytes, row)) }
}

function copied({ data, offsets }: Bytes, rows: Uint32Array): Bytes {
  const to = new Uint32Array(rows.length + 1)
  for (let i = 0; i < rows.length; i++) to[i + 1] = to[i]! + offsets[rows[i]! + 1]! - offsets[rows[i]!]!
  const out = Buffer.allocUnsafe(to[rows.length]!)
  for (let i = 0; i < rows.length; i++) data.copy(out, to[i], offsets[rows[i]!], offsets[rows[i]! + 1])
  return { data: out, offsets: to }
}

/** Event by event through text: letters past ASCII, and bytes that are no UTF-8. */
function refolded(raw: Bytes): Bytes {
  const rows = raw.offsets.length - 1
  const offsets = new Uint32Array(rows + 1)
  const parts: Buffer[] = []
  for (let i = 0; i < rows; i++) {
    const part = Buffer.from(fold(raw.data.toString('utf8', raw.offsets[i], raw.offsets[i + 1])))
    parts.push(part)
    offsets[i + 1] = offsets[i]! + part.length
  }
  return { data: Buffer.concat(parts), offsets }
}
