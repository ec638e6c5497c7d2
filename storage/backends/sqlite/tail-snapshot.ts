import { BLOCK_COLUMNS, type BlockRow, type Events, inOrder, looseEvents, type NumberedEvent } from './block'
import { readBlock } from './block-events'
import type { IndexFile } from './catalogue'
import type { Files } from './files'
import { codedAt } from './packed'
import { eventOf, type TailRow } from './tail'

/** Rows and bytes of a page of loose events. */
const PAGE_ROWS = 2048
const PAGE_BYTES = 4 << 20

/** A list of serials, as group_concat gives it, as stretches: first, last, first, last, … */
export function rangesOf(list: string | null): Float64Array {
  if (list === null) return new Float64Array(0)
  const serials = Float64Array.from(list.split(','), Number).sort()
  const out: number[] = []
  for (const s of serials) {
    if (out.length > 0 && out.at(-1) === s - 1) out[out.length - 1] = s
    else out.push(s, s)
  }
  return Float64Array.from(out)
}

function within(ranges: Float64Array, serial: number): boolean {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle * 2 + 1]! < serial) low = middle + 1
    else high = middle
  }
  return low * 2 < ranges.length && ranges[low * 2]! <= serial
}

/**
 * The events that stood in the tail when the snapshot was made, wherever they are now: in the tail still, or in a block that was
 * sealed since. Both are read in one transaction, and each event counts by its serial, so that sealing loses and doubles nothing.
 */
export async function laterEvents(files: Files, f: IndexFile, lastBlock: number, ranges: Float64Array): Promise<NumberedEvent[]> {
  const connection = await files.open(f)
  const [first, last] = [ranges[0]!, ranges.at(-1)!]
  return files.consistently(connection, async () => {
    const tail = await connection.all<TailRow>('SELECT * FROM tail WHERE serial BETWEEN ? AND ?', first, last)
    const blocks = await connection.all<BlockRow>(LATER_BLOCKS, lastBlock, last, first)
    return [...tail.map(eventOf), ...blocks.flatMap(eventsOf)].filter((e) => within(ranges, e.serial))
  })
}
const LATER_BLOCKS = `SELECT ${BLOCK_COLUMNS.join(', ')} FROM blk WHERE id > ? AND serial <= ? AND last >= ?`

/** The events of a block one by one; those removed are left out. */
export function eventsOf(row: BlockRow): NumberedEvent[] {
  const b = readBlock(row, row)
  const out: NumberedEvent[] = []
  for (let i = 0; i < b.rows; i++) if (b.gone?.[i] !== 1) out.push(eventAt(b, i))
  return out
}

function eventAt(b: Events, i: number): NumberedEvent {
  const zone = codedAt(b.zone, i)
  return {
    serial: b.serials[i]!,
    time: b.times[i]! / 1e6,
    indexTime: b.indexTimes[i]! / 1e6,
    host: codedAt(b.host, i),
    source: codedAt(b.source, i),
    sourcetype: codedAt(b.sourcetype, i),
    // A copy: the text of a block is held for a while only.
    raw: Buffer.from(b.raw().subarray(b.offsets[i], b.offsets[i + 1])),
    zone: zone === null ? undefined : zone === 'local' ? 'local' : Number(zone),
    fields: b.fields?.[i] ?? undefined,
    segmentation: segmentationAt(b, i),
  }
}

function segmentationAt(b: Events, i: number): NumberedEvent['segmentation'] {
  const how = codedAt(b.segmentation, i)
  return how === 'full' ? undefined : how
}

/** Pages in the order of events; the same whatever was sealed meanwhile. */
export function cutTail(unordered: readonly NumberedEvent[]): Events[] {
  const events = inOrder(unordered)
  const pages: Events[] = []
  for (let from = 0; from < events.length; ) {
    let to = from
    let bytes = 0
    while (to < events.length && to - from < PAGE_ROWS && (to === from || bytes + events[to]!.raw.length <= PAGE_BYTES))
      bytes += events[to++]!.raw.length
    pages.push(looseEvents(events.slice(from, to)))
    from = to
  }
  return pages
}
