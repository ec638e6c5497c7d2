import { stat } from 'node:fs/promises'
import type { DamagedBucket } from '../../../spl/syntax/store-facts'
import { compareTexts } from '../../../spl/values/compare'
import type { BucketDescription, Description, IndexDescription, MetadataCount, Scope } from '../../event-store'
import type { BlockRow } from './block'
import { type FileState, type IndexFile, pathOf } from './catalogue'
import { sound } from './file-state'
import type { Files } from './files'
import { codedAt, unpack, unpackSmall } from './packed'
import { bound } from './snapshot-file'
import type { TailRow } from './tail'

export interface DescribedPlace {
  readonly dir: string
  readonly files: Files
  /** Does a job while the file stays; undefined when it is gone. */
  whileLive<T>(f: IndexFile, job: () => Promise<T>): Promise<T | undefined>
}

/** Counts of the events within a scope, per index; an index without events is in the answer too. */
export async function describeFiles(
  chosen: ReadonlyMap<string, readonly FileState[]>,
  place: DescribedPlace,
  scope: Scope,
  signal?: AbortSignal,
): Promise<Description> {
  const indexes: IndexDescription[] = []
  for (const [name, list] of chosen) {
    const all = new Tally(scope)
    const buckets: BucketDescription[] = []
    const damaged: DamagedBucket[] = []
    for (const f of list) {
      signal?.throwIfAborted()
      if (f.damaged !== null) {
        damaged.push({ id: f.bucket, path: f.damaged, reason: 'It was found damaged and set aside.' })
        continue
      }
      const bucket = await place.whileLive(f, async () => {
        const path = pathOf(place.dir, f)
        if (!scope.check || (await sound(path))) return bucketOf(f, place.files, scope, all)
        damaged.push({ id: f.bucket, path, reason: 'Its pages cannot be read or do not fit each other.' })
      })
      if (bucket) buckets.push(bucket)
    }
    indexes.push({ name, ...all.result(), diskBytes: buckets.reduce((sum, b) => sum + b.diskBytes, 0), buckets, damaged })
  }
  return { indexes }
}

/** Blocks and tail are read in one state of the file. */
async function bucketOf(f: FileState, files: Files, scope: Scope, all: Tally): Promise<BucketDescription> {
  const tally = new Tally(scope)
  const connection = await files.open(f)
  const blocks = await files.consistently(connection, async () => {
    const rows = await connection.all<Facts>(FACTS, tally.earliest, tally.latest)
    for (const row of rows) tally.block(row)
    for (const e of await connection.all<TailRow & { bytes: number }>(LOOSE, tally.earliest, tally.latest))
      tally.event(e, e.time, e.itime, e.bytes)
    return rows.length
  })
  all.take(tally)
  const { hosts, sources, sourcetypes, ...counts } = tally.result()
  return {
    id: f.bucket,
    path: connection.path,
    state: f.state,
    blocks,
    ...counts,
    ...(await onDisk(connection.path)),
    hosts: hosts.length,
    sources: sources.length,
    sourcetypes: sourcetypes.length,
  }
}

interface Count {
  count: number
  earliest: number
  latest: number
  recent: number
}
type Facts = Pick<
  BlockRow,
  'n' | 'tmin' | 'tmax' | 'len' | 'sourcetype' | 'source' | 'hosts' | 'times' | 'itimes' | 'host' | 'gone' | 'offs'
>
const FACTS = 'SELECT n, tmin, tmax, len, sourcetype, source, hosts, times, itimes, host, gone, offs FROM blk WHERE tmax >= ? AND tmin < ?'
const LOOSE = 'SELECT time, itime, host, sourcetype, source, length(raw) AS bytes FROM tail WHERE time >= ? AND time < ?'

class Tally {
  readonly earliest: number
  readonly latest: number
  private readonly hosts = new Map<string, Count>()
  private readonly sources = new Map<string, Count>()
  private readonly sourcetypes = new Map<string, Count>()
  private readonly all = noCount()
  private rawBytes = 0

  constructor(scope: Scope) {
    this.earliest = bound(scope.earliest)
    this.latest = bound(scope.latest)
  }

  result(): Omit<IndexDescription, 'name' | 'diskBytes' | 'buckets' | 'damaged'> {
    const { count, earliest, latest } = this.all
    return {
      events: count,
      rawBytes: this.rawBytes,
      hosts: sorted(this.hosts),
      sources: sorted(this.sources),
      sourcetypes: sorted(this.sourcetypes),
      earliest: count > 0 ? earliest / 1e6 : undefined,
      latest: count > 0 ? latest / 1e6 : undefined,
    }
  }

  /** What another one counted counts here too. */
  take(other: Tally): void {
    this.rawBytes += other.rawBytes
    add(this.all, other.all)
    for (const kind of ['hosts', 'sources', 'sourcetypes'] as const) for (const [value, c] of other[kind]) add(entry(this[kind], value), c)
  }

  block(row: Facts): void {
    const hosts = { values: JSON.parse(row.hosts) as string[], codes: row.host ? unpackSmall(row.host, row.n) : undefined }
    const times = unpack(row.times, row.n)
    const indexTimes = unpack(row.itimes, row.n)
    const offsets = unpackSmall(row.offs, row.n + 1)
    for (let i = 0; i < row.n; i++) {
      if (row.gone?.[i] === 1 || times[i]! < this.earliest || times[i]! >= this.latest) continue
      this.event(
        { host: codedAt(hosts, i), source: row.source, sourcetype: row.sourcetype },
        times[i]!,
        indexTimes[i]!,
        offsets[i + 1]! - offsets[i]!,
      )
    }
  }

  event(of: Pick<TailRow, 'host' | 'source' | 'sourcetype'>, time: number, indexTime: number, bytes: number): void {
    this.rawBytes += bytes
    count(this.all, time, indexTime)
    count(entry(this.hosts, of.host), time, indexTime)
    count(entry(this.sources, of.source), time, indexTime)
    count(entry(this.sourcetypes, of.sourcetype), time, indexTime)
  }
}

function entry(map: Map<string, Count>, value: string): Count {
  let found = map.get(value)
  if (!found) map.set(value, (found = noCount()))
  return found
}
function noCount(): Count {
  return { count: 0, earliest: Number.POSITIVE_INFINITY, latest: Number.NEGATIVE_INFINITY, recent: 0 }
}
function add(to: Count, c: Count): void {
  to.count += c.count
  to.earliest = Math.min(to.earliest, c.earliest)
  to.latest = Math.max(to.latest, c.latest)
  to.recent = Math.max(to.recent, c.recent)
}
function count(c: Count, time: number, indexTime: number): void {
  c.count++
  if (time < c.earliest) c.earliest = time
  if (time > c.latest) c.latest = time
  if (indexTime > c.recent) c.recent = indexTime
}

function sorted(map: ReadonlyMap<string, Count>): MetadataCount[] {
  const seconds = ([value, c]: readonly [string, Count]) => ({
    value,
    count: c.count,
    earliest: c.earliest / 1e6,
    latest: c.latest / 1e6,
    recent: c.recent / 1e6,
  })
  return [...map].map(seconds).sort((a, b) => compareTexts(a.value, b.value))
}

/** The write-ahead log counts; it may be gone after a checkpoint. */
async function onDisk(path: string): Promise<Pick<BucketDescription, 'diskBytes' | 'modified'>> {
  const stats = await Promise.all([path, `${path}-wal`].map((p) => stat(p).catch(() => undefined)))
  const there = stats.filter((s) => s !== undefined)
  return {
    diskBytes: there.reduce((sum, s) => sum + s.size, 0),
    modified: there.reduce((last, s) => Math.max(last, s.mtimeMs), 0) / 1000,
  }
}
