import type { Coded } from '../../event-batch'
import { type IndexedFields, TextMissing } from '../../event-store'
import type { BareRow, Events, TextColumns, TextRow } from './block'
import { HeldText } from './held-text'
import { unpack, unpackSmall } from './packed'

type Row = Omit<BareRow, 'extras'> & { readonly extras?: number }

/**
 * A block as it was written; what few scans look at is unpacked when asked for. A class: thousands are kept, and an object with getters
 * of its own takes some kilobytes.
 */
class BlockEvents implements Events {
  readonly source: Coded<string>
  readonly sourcetype: Coded<string>
  readonly segmentation: Events['segmentation']
  private held: HeldText | undefined
  private readHost: Coded<string> | undefined
  private readTimes: Float64Array | undefined
  private readIndexTimes: Float64Array | undefined
  private readSerials: Float64Array | undefined
  private readOffsets: Uint32Array | undefined
  private readZone: Events['zone'] | undefined
  private readFields: NonNullable<Events['fields']> | 'none' | undefined

  /** @param elsewhere the bytes, where they are held there */
  constructor(
    private readonly row: Row,
    private readonly text: TextColumns | undefined,
    private readonly elsewhere: (() => Buffer) | undefined,
    private readonly hosts: readonly string[],
  ) {
    this.source = { values: [row.source], codes: undefined }
    this.sourcetype = { values: [row.sourcetype], codes: undefined }
    this.segmentation = { values: [row.segmentation ?? 'full'], codes: undefined }
  }
  get rows(): number {
    return this.row.n
  }
  get span(): readonly [number, number] {
    return [this.row.tmin, this.row.tmax]
  }
  get indexed(): boolean {
    return this.row.extras === 1
  }
  get gone(): Uint8Array | undefined {
    return this.row.gone ?? undefined
  }
  get plain(): boolean {
    return this.row.plain === 1
  }
  get host(): Coded<string> {
    return (this.readHost ??= { values: this.hosts, codes: codesOf(this.row.host, this.rows) })
  }
  get times(): Float64Array {
    return (this.readTimes ??= unpack(this.row.times, this.rows))
  }
  get indexTimes(): Float64Array {
    return (this.readIndexTimes ??= unpack(this.row.itimes, this.rows))
  }
  get serials(): Float64Array {
    const { serials, last, n } = this.row
    return (this.readSerials ??= serials ? unpack(serials, n) : countingDown(last, n))
  }
  get zone(): Events['zone'] {
    const { zones, zone } = there(this.text)
    return (this.readZone ??= { values: JSON.parse(zones) as (string | null)[], codes: codesOf(zone, this.rows) })
  }
  get fields(): Events['fields'] {
    if (this.row.extras === 0) return undefined
    const { extra } = there(this.text)
    this.readFields ??= extra ? (JSON.parse(extra.toString()) as (IndexedFields | null)[]) : 'none'
    return this.readFields === 'none' ? undefined : this.readFields
  }
  get offsets(): Uint32Array {
    return (this.readOffsets ??= unpackSmall(there(this.text).offs, this.rows + 1))
  }
  raw(): Buffer {
    if (this.elsewhere) return this.elsewhere()
    return (this.held ??= new HeldText(there(this.text).raw, this.row.codec, this.row.len)).bytes()
  }
}

/** @param text undefined: whoever asks for it gets TextMissing */
export const readBlock = (row: Row, text: TextColumns | undefined): Events => new BlockEvents(row, text, undefined, hostsOf(row))

export const hostsOf = ({ hosts }: Pick<BareRow, 'hosts'>) => JSON.parse(hosts) as string[]

/** A block that was read without its texts, and the same with them. */
export class Block {
  readonly events: Events

  /** @param hosts of the row: they may be shared with other blocks */
  constructor(
    private readonly row: BareRow,
    private readonly hosts: readonly string[] = hostsOf(row),
  ) {
    this.events = new BlockEvents(row, undefined, undefined, hosts)
  }
  get id(): number {
    return this.row.id
  }
  get codec(): number {
    return this.row.codec
  }
  /** Bytes of the texts. */
  get length(): number {
    return this.row.len
  }
  /** @param elsewhere the bytes of the texts, where they are held there */
  with(text: TextRow, elsewhere?: () => Buffer): Events {
    return new BlockEvents(this.row, text, elsewhere, this.hosts)
  }
}

function there(text: TextColumns | undefined): TextColumns {
  if (!text) throw MISSING
  return text
}
/** One for all: it is thrown for each block of which only the text tells whether it matches. */
const MISSING = new TextMissing('the text of an event is asked for in a scan without texts')

function countingDown(from: number, n: number): Float64Array {
  const out = new Float64Array(n)
  for (let i = 0; i < n; i++) out[i] = from - i
  return out
}
const codesOf = (data: Buffer | null, n: number) => (data ? unpackSmall(data, n) : undefined)
