import { stat } from 'node:fs/promises'
import { compareTexts } from '../../../spl/values/compare'
import type { Description, IndexDescription, MetadataCount, Scope } from '../../event-store'
import type { BlockRow } from './block'
import type { IndexFile } from './catalogue'
import type { Files } from './files'
import { codedAt, unpack } from './packed'
import { bound } from './snapshot-file'
import type { TailRow } from './tail'

/** Counts of the events within a scope, per index; an index without events is in the answer too. */
export async function describeFiles(
  chosen: ReadonlyMap<string, readonly IndexFile[]>,
  files: Files,
  scope: Scope,
  signal?: AbortSignal,
): Promise<Description> {
  const indexes: IndexDescription[] = []
  for (const [name, list] of chosen) {
    const tally = new Tally(scope)
    for (const f of list) {
      signal?.throwIfAborted()
      await tally.file(files, f)
    }
    indexes.push({ name, ...tally.result() })
  }
  return { indexes }
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
  private readonly hosts = new Map<string, Count>()
  private readonly sources = new Map<string, Count>()
  private readonly sourcetypes = new Map<string, Count>()
  private readonly buckets: IndexDescription['buckets'][number][] = []
  private readonly all: Count = { count: 0, earliest: Number.POSITIVE_INFINITY, latest: Number.NEGATIVE_INFINITY, recent: 0 }
  private rawBytes = 0
  private diskBytes = 0
  private readonly earliest: number
  private readonly latest: number

  constructor(scope: Scope) {
    this.earliest = bound(scope.earliest)
    this.latest = bound(scope.latest)
  }

  /** Blocks and tail are read in one state of the file. */
  async file(files: Files, f: IndexFile): Promise<void> {
    const connection = await files.open(f)
    const before = this.all.count
    const blocks = await files.consistently(connection, async () => {
      const rows = await connection.all<Facts>(FACTS, this.earliest, this.latest)
      for (const row of rows) this.block(row)
      for (const e of await connection.all<TailRow & { bytes: number }>(LOOSE, this.earliest, this.latest))
        this.event(e, e.time, e.itime, e.bytes)
      return rows.length
    })
    this.diskBytes += await sizeOf(connection.path)
    this.buckets.push({ id: f.bucket, path: connection.path, blocks, events: this.all.count - before })
  }

  result(): Omit<IndexDescription, 'name'> {
    const { count, earliest, latest } = this.all
    return {
      events: count,
      rawBytes: this.rawBytes,
      diskBytes: this.diskBytes,
      hosts: sorted(this.hosts),
      sources: sorted(this.sources),
      sourcetypes: sorted(this.sourcetypes),
      earliest: count > 0 ? earliest / 1e6 : undefined,
      latest: count > 0 ? latest / 1e6 : undefined,
      buckets: this.buckets,
    }
  }

  private block(row: Facts): void {
    const hosts = { values: JSON.parse(row.hosts) as string[], codes: row.host ? Uint32Array.from(unpack(row.host, row.n)) : undefined }
    const times = unpack(row.times, row.n)
    const indexTimes = unpack(row.itimes, row.n)
    const offsets = unpack(row.offs, row.n + 1)
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

  private event(of: Pick<TailRow, 'host' | 'source' | 'sourcetype'>, time: number, indexTime: number, bytes: number): void {
    this.rawBytes += bytes
    count(this.all, time, indexTime)
    count(entry(this.hosts, of.host), time, indexTime)
    count(entry(this.sources, of.source), time, indexTime)
    count(entry(this.sourcetypes, of.sourcetype), time, indexTime)
  }
}

function entry(map: Map<string, Count>, value: string): Count {
  let found = map.get(value)
  if (!found) map.set(value, (found = { count: 0, earliest: Number.POSITIVE_INFINITY, latest: Number.NEGATIVE_INFINITY, recent: 0 }))
  return found
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
async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all(
    [path, `${path}-wal`].map((p) =>
      stat(p).then(
        (s) => s.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((a, b) => a + b, 0)
}
