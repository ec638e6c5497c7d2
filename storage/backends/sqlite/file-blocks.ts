import type { StoreQuery } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import type { Bits } from './bits'
import { BARE_COLUMNS, type BareRow, type Block, bareBlock, type Events } from './block'
import type { Connection } from './connection'
import { bound, type FileCandidate, keyOf, type SnapshotFile } from './snapshot-file'

/** Blocks of all files that a thread keeps, without their texts: some two kilobytes each, for four million events. */
const KEPT = 1 << 14

/** What a thread has read of the blocks of a file beside their texts. Blocks do not change, but for what is removed of them. */
export class FileBlocks {
  private readonly blocks: Block[] = []
  private readonly facts: (FileCandidate & BlockFacts)[] = []
  private readonly stretches = new Map<string, Events>()
  private readonly hosts = new Map<string, readonly string[]>()

  constructor(private readonly index: string) {}

  get count(): number {
    return this.facts.length
  }
  /** Blocks are numbered from 1 without gaps. */
  of(id: number): Block | undefined {
    return this.blocks[id - 1]
  }
  /** The events of a stretch, put together when it is first asked for. */
  joined(stretch: string, make: () => Events): Events {
    let found = this.stretches.get(stretch)
    if (!found) {
      // The last stretch has another name each time that it grows.
      if (this.stretches.size > this.count) this.stretches.clear()
      this.stretches.set(stretch, (found = make()))
    }
    return found
  }
  /** Reads what is not known up to a block. */
  async load(connection: Connection, to: number): Promise<void> {
    const rows = await connection.all<BareRow>(LATER, this.count, to)
    // Two searches may have asked at once.
    for (const row of rows) if (row.id === this.count + 1) this.add(row)
  }
  private add(row: BareRow): void {
    let hosts = this.hosts.get(row.hosts)
    if (!hosts) this.hosts.set(row.hosts, (hosts = JSON.parse(row.hosts) as string[]))
    const { id, n, tmin, tmax, sourcetype, source } = row
    this.facts.push({ id, n, tmin, tmax, index: this.index, sourcetype, source, hosts })
    this.blocks.push(bareBlock(row))
  }

  /** Blocks up to `to` that may hold matching events, by their number. @param among undefined: any */
  candidates(to: number, query: StoreQuery, among: Bits | undefined): FileCandidate[] {
    const keep = blockFilter(query.filter)
    const earliest = bound(query.earliest)
    const latest = bound(query.latest)
    const found: FileCandidate[] = []
    for (let i = 0; i < to; i++) {
      const b = this.facts[i]!
      if (b.tmax >= earliest && b.tmin < latest && (!among || among.has(b.id)) && (!keep || keep(b))) found.push(b)
    }
    return found
  }
}
const LATER = `SELECT ${BARE_COLUMNS.join(', ')} FROM blk WHERE id > ? AND id <= ? ORDER BY id`

/** What a thread keeps of the blocks of the files that it reads. */
export class BlockCache {
  /** The one asked for last stands last. */
  private readonly files = new Map<string, FileBlocks>()

  /** All blocks that the snapshot sees of a file; undefined when they are too many to be kept. */
  async all(connection: Connection, f: SnapshotFile): Promise<FileBlocks | undefined> {
    if (f.lastBlock > KEPT) return undefined
    const key = keyOf(f)
    const found = this.files.get(key) ?? new FileBlocks(f.index)
    this.files.delete(key)
    this.files.set(key, found)
    if (found.count < f.lastBlock) await found.load(connection, f.lastBlock)
    this.shrink()
    return found
  }
  /** What is kept of a file. */
  kept(f: SnapshotFile): FileBlocks | undefined {
    return this.files.get(keyOf(f))
  }
  private shrink(): void {
    let blocks = 0
    for (const f of this.files.values()) blocks += f.count
    for (const [key, f] of this.files) {
      if (blocks <= KEPT || this.files.size === 1) return
      this.files.delete(key)
      blocks -= f.count
    }
  }
}
