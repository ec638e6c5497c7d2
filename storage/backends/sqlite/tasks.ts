import type { Terms } from '../../../spl/expressions/predicate'
import type { ScanTask, Snapshot, StoreQuery, Stretch } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { termsNeeded } from '../../matching/event-filter'
import type { Connection } from './connection'
import type { BlockCache } from './file-blocks'
import { blocksWith } from './lookup'
import { bound, type FileCandidate, keyOf, type SnapshotFile } from './snapshot-file'

/** What a task looks at: the tails of some files, then blocks, the latest first when ordered. */
export interface Pages {
  readonly tails: readonly number[]
  readonly file: Uint16Array
  readonly block: Uint32Array
  /** Microseconds of the latest event. */
  readonly latest: Float64Array
}

/** Blocks of an unordered task: small, so that the last worker does not keep the others waiting. Stretches of so many begin at block 1. */
const SLICE = 16
/** Blocks whose facts are asked for by number, rather than keeping those of all: so many, or such a share. */
const FEW = 64
const FEW_OF = 1 / 8

export interface Candidate extends FileCandidate {
  readonly file: number
}
/** Blocks that may hold matching events: by terms, then by time, then by what their events have in common. */
export async function candidates(
  connection: Connection,
  f: SnapshotFile,
  query: StoreQuery,
  blocks: BlockCache,
): Promise<readonly FileCandidate[]> {
  const needs = [termsNeeded(query.filter), query.hints].filter((t): t is Terms => t !== undefined)
  const bits = needs.length > 0 ? await blocksWith(connection, { all: needs }, f.lastBlock) : undefined
  const ids = bits?.list()
  if (ids?.length === 0) return []
  const few = ids && ids.length <= Math.max(FEW, f.lastBlock * FEW_OF)
  const all = few ? undefined : await blocks.all(connection, f)
  if (all) return all.candidates(f.lastBlock, query, bits)
  const keep = blockFilter(query.filter)
  const sql = `SELECT id, n, tmin, tmax${keep ? ', sourcetype, source, hosts' : ''} FROM blk WHERE id <= ? AND tmax >= ? AND tmin < ?${few ? ' AND id IN (SELECT value FROM json_each(?))' : ''}`
  const bounds = [f.lastBlock, bound(query.earliest), bound(query.latest)]
  const rows = await connection.all<FileCandidate & { sourcetype: string; source: string; hosts: string }>(
    sql,
    ...bounds,
    ...(few ? [JSON.stringify(ids)] : []),
  )
  const facts = (r: (typeof rows)[number]): BlockFacts => ({
    index: f.index,
    sourcetype: r.sourcetype,
    source: r.source,
    hosts: JSON.parse(r.hosts) as string[],
  })
  return rows.filter((r) => (few || !bits || bits.has(r.id)) && (!keep || keep(facts(r)))).sort((a, b) => a.id - b.id)
}
export function slices(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[]): ScanTask[] {
  const files = snapshot.parts as readonly SnapshotFile[]
  const out = tails.map((t) => taskOf(snapshot, [t], []))
  for (let i = 0, to = 0; i < found.length; i = to) {
    to = sliceEnd(found, i)
    const blocks = found.slice(i, to)
    out.push({ ...taskOf(snapshot, [], blocks), stretch: stretchOf(files[blocks[0]!.file]!, blocks) })
  }
  return out
}
const stretchAt = (id: number) => Math.floor((id - 1) / SLICE)
/** A slice keeps to a stretch where most blocks of it are looked at. */
function sliceEnd(found: readonly Candidate[], from: number): number {
  const { file, id } = found[from]!
  let to = from
  while (to < found.length && found[to]!.file === file && stretchAt(found[to]!.id) === stretchAt(id)) to++
  return to - from > SLICE / 2 ? to : Math.min(found.length, from + SLICE)
}
/** The stretch that some blocks are all of. */
function stretchOf(f: SnapshotFile, blocks: readonly Candidate[]): Stretch | undefined {
  const first = blocks[0]!.id
  const last = Math.min(first + SLICE - 1, f.lastBlock)
  const whole = (first - 1) % SLICE === 0 && blocks.length === last - first + 1 && blocks.every((b, i) => b.id === first + i)
  return whole ? { key: `${keyOf(f)}/${first}-${last}`, lengths: Uint32Array.from(blocks, (b) => b.n) } : undefined
}

export function stripes(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[], count: number): ScanTask[] {
  const n = Math.min(count, Math.max(found.length, tails.length > 0 ? 1 : 0))
  return Array.from({ length: n }, (_, k) =>
    taskOf(
      snapshot,
      k === 0 ? tails : [],
      found.filter((_c, i) => i % n === k),
    ),
  )
}

export function taskOf(snapshot: Snapshot, tails: readonly number[], blocks: readonly Candidate[]): ScanTask {
  const files = snapshot.parts as readonly SnapshotFile[]
  const pages: Pages = {
    tails,
    file: Uint16Array.from(blocks, (c) => c.file),
    block: Uint32Array.from(blocks, (c) => c.id),
    latest: Float64Array.from(blocks, (c) => c.tmax),
  }
  const inTails = tails.reduce((sum, t) => sum + lengthOf(files[t]!.tail), 0)
  return {
    snapshot,
    estimate: blocks.reduce((sum, c) => sum + c.n, inTails),
    earliest: tails.length > 0 ? Number.NEGATIVE_INFINITY : blocks.reduce((t, c) => Math.min(t, c.tmin), Number.POSITIVE_INFINITY) / 1e6,
    latest: tails.length > 0 ? Number.POSITIVE_INFINITY : blocks.reduce((t, c) => Math.max(t, c.tmax), Number.NEGATIVE_INFINITY) / 1e6,
    pages,
    stretch: undefined,
  }
}
function lengthOf(ranges: Float64Array): number {
  let n = 0
  for (let i = 0; i < ranges.length; i += 2) n += ranges[i + 1]! - ranges[i]! + 1
  return n
}
