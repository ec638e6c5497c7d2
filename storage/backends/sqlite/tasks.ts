import type { Terms } from '../../../spl/expressions/predicate'
import type { ScanTask, Snapshot, StoreQuery, Stretch } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { termsNeeded } from '../../matching/event-filter'
import type { Connection } from './connection'
import type { BlockCache } from './file-blocks'
import { blocksWith, type TermLookups } from './lookup'
import { bound, type FileCandidate, type SnapshotFile, stretchKey } from './snapshot-file'

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
  { cache: blocks, lookups }: { readonly cache: BlockCache; readonly lookups: TermLookups },
): Promise<readonly FileCandidate[]> {
  const needs = [termsNeeded(query.filter), query.hints].filter((t): t is Terms => t !== undefined)
  const bits = needs.length > 0 ? await blocksWith(lookups.of(connection, f.lastBlock), { all: needs }) : undefined
  const ids = bits?.list()
  if (ids?.length === 0) return []
  const few = ids && ids.length <= Math.max(FEW, f.lastBlock * FEW_OF)
  const kept = few ? blocks.of(f) : await blocks.all(connection, f)
  if (kept && (!few || kept.holds(ids))) return kept.candidates(ids ?? f.lastBlock, query)
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
/** Tasks of one file in any order. @param found ascending */
export function slices(snapshot: Snapshot, file: number, found: readonly FileCandidate[]): ScanTask[] {
  const f = (snapshot.parts as readonly SnapshotFile[])[file]!
  const out: ScanTask[] = []
  for (let i = 0, to = 0; i < found.length; i = to) {
    to = sliceEnd(found, i)
    const blocks = found.slice(i, to)
    out.push({ ...taskOf(snapshot, [], blocks, () => file), stretch: stretchOf(f, blocks) })
  }
  return out
}
const stretchAt = (id: number) => Math.floor((id - 1) / SLICE)
/** A slice keeps to a stretch where most blocks of it are looked at. */
function sliceEnd(found: readonly FileCandidate[], from: number): number {
  const stretch = stretchAt(found[from]!.id)
  let to = from
  while (to < found.length && stretchAt(found[to]!.id) === stretch) to++
  return to - from > SLICE / 2 ? to : Math.min(found.length, from + SLICE)
}
/** The stretch that some blocks are all of. */
function stretchOf(f: SnapshotFile, blocks: readonly FileCandidate[]): Stretch | undefined {
  const first = blocks[0]!.id
  const last = Math.min(first + SLICE - 1, f.lastBlock)
  const whole = (first - 1) % SLICE === 0 && blocks.length === last - first + 1 && blocks.every((b, i) => b.id === first + i)
  return whole ? { key: stretchKey(f, first, last), lengths: Uint32Array.from(blocks, (b) => b.n) } : undefined
}

export function stripes(snapshot: Snapshot, found: readonly Candidate[], tails: readonly number[], count: number): ScanTask[] {
  const n = Math.min(count, Math.max(found.length, tails.length > 0 ? 1 : 0))
  return Array.from({ length: n }, (_, k) => {
    const mine = found.filter((_c, i) => i % n === k)
    return taskOf(snapshot, k === 0 ? tails : [], mine, (i) => mine[i]!.file)
  })
}

/** A stripe as consecutive ones; what is in no block comes with the first. */
export function cut(stripe: ScanTask): ScanTask[] {
  const { tails, file, block, latest } = stripe.pages as Pages
  const n = Math.max(1, Math.ceil(block.length / SLICE))
  return Array.from({ length: n }, (_, k) => {
    const [from, to] = [k * SLICE, (k + 1) * SLICE]
    const pages: Pages = {
      tails: k === 0 ? tails : [],
      file: file.subarray(from, to),
      block: block.subarray(from, to),
      latest: latest.subarray(from, to),
    }
    return { ...stripe, estimate: stripe.estimate / n, latest: k === 0 ? stripe.latest : latest[from]! / 1e6, pages }
  })
}

/** @param fileOf the number of the file of each block */
export function taskOf(
  snapshot: Snapshot,
  tails: readonly number[],
  blocks: readonly FileCandidate[],
  fileOf: (i: number) => number,
): ScanTask {
  const files = snapshot.parts as readonly SnapshotFile[]
  const pages = {
    tails,
    file: new Uint16Array(blocks.length),
    block: new Uint32Array(blocks.length),
    latest: new Float64Array(blocks.length),
  } satisfies Pages
  let estimate = tails.reduce((sum, t) => sum + lengthOf(files[t]!.tail), 0)
  let earliest = tails.length > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  let latest = -earliest
  for (let i = 0; i < blocks.length; i++) {
    const b = blocks[i]!
    pages.file[i] = fileOf(i)
    pages.block[i] = b.id
    pages.latest[i] = b.tmax
    estimate += b.n
    earliest = Math.min(earliest, b.tmin)
    latest = Math.max(latest, b.tmax)
  }
  return { snapshot, estimate, earliest: earliest / 1e6, latest: latest / 1e6, pages, stretch: undefined }
}
/** How many serials stand in stretches: first, last, … */
export function lengthOf(ranges: Float64Array): number {
  let n = 0
  for (let i = 0; i < ranges.length; i += 2) n += ranges[i + 1]! - ranges[i]! + 1
  return n
}
