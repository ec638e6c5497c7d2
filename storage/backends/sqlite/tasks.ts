import type { Terms } from '../../../spl/expressions/predicate'
import { toMicros } from '../../../spl/values/time/civil'
import type { ScanTask, Snapshot, StoreQuery } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { termsNeeded } from '../../matching/event-filter'
import type { IndexFile } from './catalogue'
import type { Connection } from './connection'
import { blocksWith } from './lookup'

/** A file as a snapshot sees it. */
export interface SnapshotFile extends IndexFile {
  readonly rank: number
  readonly lastBlock: number
  /** Serials of the events that no block held: first, last, first, last, … */
  readonly tail: Float64Array
}
/** What a task looks at: the tails of some files, then blocks, the latest first when ordered. */
export interface Pages {
  readonly tails: readonly number[]
  readonly file: Uint16Array
  readonly block: Uint32Array
  /** Microseconds of the latest event. */
  readonly latest: Float64Array
}

/** Blocks of an unordered task: small, so that the last worker does not keep the others waiting. */
const SLICE = 16
/** Blocks whose facts are asked for by number rather than by a scan of all. */
const FEW = 2000

export interface Candidate {
  readonly file: number
  readonly id: number
  readonly n: number
  readonly tmin: number
  readonly tmax: number
}

/** Blocks that may hold matching events: by terms, then by time, then by what their events have in common. */
export async function candidates(connection: Connection, f: SnapshotFile, query: StoreQuery): Promise<Omit<Candidate, 'file'>[]> {
  const needs = [termsNeeded(query.filter), query.hints].filter((t): t is Terms => t !== undefined)
  const bits = needs.length > 0 ? await blocksWith(connection, { all: needs }, f.lastBlock) : undefined
  const ids = bits?.list()
  if (ids?.length === 0) return []
  const keep = blockFilter(query.filter)
  const few = ids && ids.length <= FEW
  const sql = `SELECT id, n, tmin, tmax${keep ? ', sourcetype, source, hosts' : ''} FROM blk WHERE id <= ? AND tmax >= ? AND tmin < ?${few ? ' AND id IN (SELECT value FROM json_each(?))' : ''}`
  const bounds = [f.lastBlock, bound(query.earliest), bound(query.latest)]
  const rows = await connection.all<Omit<Candidate, 'file'> & { sourcetype: string; source: string; hosts: string }>(
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
/** Infinity is no SQL number. */
export const bound = (seconds: number) => Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, toMicros(seconds)))

export function slices(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[]): ScanTask[] {
  const out = tails.map((t) => taskOf(snapshot, [t], []))
  for (let i = 0; i < found.length; i += SLICE) out.push(taskOf(snapshot, [], found.slice(i, i + SLICE)))
  return out
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
  }
}
function lengthOf(ranges: Float64Array): number {
  let n = 0
  for (let i = 0; i < ranges.length; i += 2) n += ranges[i + 1]! - ranges[i]! + 1
  return n
}
