import type { ByteSearch, TakeBytes } from '../../../spl/batch/byte-search'
import type { Coded } from '../../event-batch'
import type { Events } from './block'
import type { Chosen } from './chosen-rows'
import type { JoinedText } from './joined-text'

/** The events of several blocks as if they were one, block after block; each list is put together when it is asked for. */
export class JoinedEvents implements Events {
  readonly rows: number
  readonly gone = undefined
  readonly plain = false
  private readonly made: { -readonly [K in keyof Events]?: Events[K] } = {}

  constructor(private readonly blocks: readonly Events[]) {
    this.rows = blocks.reduce((n, b) => n + b.rows, 0)
  }
  get times(): Float64Array {
    return (this.made.times ??= this.numbers((b) => b.times))
  }
  get indexTimes(): Float64Array {
    return (this.made.indexTimes ??= this.numbers((b) => b.indexTimes))
  }
  get serials(): Float64Array {
    return (this.made.serials ??= this.numbers((b) => b.serials))
  }
  get host(): Events['host'] {
    return (this.made.host ??= this.codes((b) => b.host))
  }
  get source(): Events['source'] {
    return (this.made.source ??= this.codes((b) => b.source))
  }
  get sourcetype(): Events['sourcetype'] {
    return (this.made.sourcetype ??= this.codes((b) => b.sourcetype))
  }
  get zone(): Events['zone'] {
    return (this.made.zone ??= this.codes((b) => b.zone))
  }
  get segmentation(): Events['segmentation'] {
    return (this.made.segmentation ??= this.codes((b) => b.segmentation))
  }
  get fields(): Events['fields'] {
    // Those with indexed fields tell where their text is missing.
    if (this.blocks.every((b) => b.fields === undefined)) return undefined
    return (this.made.fields ??= this.blocks.flatMap((b) => b.fields ?? new Array<null>(b.rows).fill(null)))
  }
  get offsets(): Uint32Array {
    return (this.made.offsets ??= this.joinedOffsets())
  }
  /** Without texts: the blocks tell that they are missing. */
  raw(): Buffer {
    return this.blocks[0]!.raw()
  }

  private numbers(of: (b: Events) => Float64Array): Float64Array {
    const out = new Float64Array(this.rows)
    let at = 0
    for (const b of this.blocks) {
      out.set(of(b), at)
      at += b.rows
    }
    return out
  }
  private codes<T>(of: (b: Events) => Coded<T>): Coded<T> {
    return joinedCodes(this.blocks, this.rows, of)
  }
  private joinedOffsets(): Uint32Array {
    const out = new Uint32Array(this.rows + 1)
    let row = 0
    let before = 0
    for (const { offsets } of this.blocks) {
      for (let i = 1; i < offsets.length; i++) out[++row] = before + offsets[i]!
      before = out[row]!
    }
    return out
  }
}

/** The same with the texts of the blocks. */
export class JoinedTexts extends JoinedEvents {
  /** @param bare  without, kept between searches: what is put together of it is not put together anew */
  constructor(
    private readonly bare: JoinedEvents,
    blocks: readonly Events[],
    private readonly texts: JoinedText,
  ) {
    super(blocks)
  }
  override get times(): Float64Array {
    return this.bare.times
  }
  override get indexTimes(): Float64Array {
    return this.bare.indexTimes
  }
  override get serials(): Float64Array {
    return this.bare.serials
  }
  override get host(): Events['host'] {
    return this.bare.host
  }
  override get source(): Events['source'] {
    return this.bare.source
  }
  override get sourcetype(): Events['sourcetype'] {
    return this.bare.sourcetype
  }
  override get segmentation(): Events['segmentation'] {
    return this.bare.segmentation
  }
  override raw(): Buffer {
    return this.texts.bytes()
  }
  search(s: ByteSearch, rows: Uint32Array, take: TakeBytes): boolean {
    return this.texts.search(s, rows, take)
  }
}

function joinedCodes<T>(blocks: readonly Events[], rows: number, of: (b: Events) => Coded<T>): Coded<T> {
  const numbers = new Map<T, number>()
  const codes = new Uint32Array(rows)
  let at = 0
  for (const b of blocks) {
    const part = of(b)
    const own = part.values.map((v) => numbered(numbers, v))
    if (part.codes) for (let i = 0; i < b.rows; i++) codes[at + i] = own[part.codes[i]!]!
    else codes.fill(own[0]!, at, at + b.rows)
    at += b.rows
  }
  return { values: [...numbers.keys()], codes: numbers.size > 1 ? codes : undefined }
}
function numbered<T>(numbers: Map<T, number>, value: T): number {
  let number = numbers.get(value)
  if (number === undefined) numbers.set(value, (number = numbers.size))
  return number
}

/** The rows that are alive in the blocks, as rows of all of them; undefined: all. */
export function joinedRows(blocks: readonly Chosen[]): Uint32Array | undefined {
  if (blocks.every((b) => b.selection === undefined)) return undefined
  const out = new Uint32Array(blocks.reduce((n, b) => n + (b.selection?.length ?? b.events.rows), 0))
  let at = 0
  let before = 0
  for (const { events, selection } of blocks) {
    if (selection) for (let i = 0; i < selection.length; i++) out[at++] = before + selection[i]!
    else for (let i = 0; i < events.rows; i++) out[at++] = before + i
    before += events.rows
  }
  return out
}
