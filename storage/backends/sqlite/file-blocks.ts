import type { StoreQuery } from '../../event-store'
import { type BlockFacts, blockFilter } from '../../matching/block-filter'
import { BARE_COLUMNS, type BareRow } from './block'
import { Block, hostsOf } from './block-events'
import type { Connection } from './connection'
import type { JoinedEvents } from './joined-events'
import { bound, type FileCandidate, keyOf, type SnapshotFile } from './snapshot-file'

/** Blocks of all files that a thread keeps, without their texts: up to ten kilobytes each, for two to four million events. */
const KEPT = 1 << 14

/** What a thread has read of the blocks of a file beside their texts. Blocks do not change, but for what is removed of them. */
export class FileBlocks {
  /** By number, from 1 on; gaps where a block was not asked for. */
  private readonly blocks: (Block | undefined)[] = []
  private readonly facts: (FileCandidate & BlockFacts)[] = []
  /** Up to this number all are kept. */
  private whole = 0
  /** How many are kept. */
  count = 0
  private readonly stretches = new Map<string, JoinedEvents>()
  /** Hosts, sources and source types: one text each, however many blocks name it. */
  private readonly texts = new Map<string, string>()

  constructor(private readonly index: string) {}

  of(id: number): Block | undefined {
    return this.blocks[id - 1]
  }
  /** Whether all of some blocks are kept. */
  holds(ids: readonly number[] | Uint32Array): boolean {
    for (const id of ids) if (!this.of(id)) return false
    return true
  }
  keep(row: BareRow): void {
    if (this.of(row.id) || this.count >= KEPT) return
    const hosts = hostsOf(row).map((h) => this.shared(h))
    const { id, n, tmin, tmax } = row
    const sourcetype = this.shared(row.sourcetype)
    const source = this.shared(row.source)
    this.facts[id - 1] = { id, n, tmin, tmax, index: this.index, sourcetype, source, hosts }
    this.blocks[id - 1] = new Block({ ...row, sourcetype, source, hosts: '' }, hosts)
    this.count++
  }
  private shared(text: string): string {
    const found = this.texts.get(text)
    if (found === undefined) this.texts.set(text, text)
    return found ?? text
  }
  /** The events of a stretch, put together when it is first asked for. */
  joined(stretch: string, make: () => JoinedEvents): JoinedEvents {
    let found = this.stretches.get(stretch)
    if (!found) {
      // The last stretch has another name each time that it grows.
      if (this.stretches.size > this.count) this.stretches.clear()
      this.stretches.set(stretch, (found = make()))
    }
    return found
  }
  /** Reads what is not known up to a block, at most `KEPT`. Blocks are numbered without gaps. */
  async load(connection: Connection, to: number): Promise<void> {
    if (this.whole >= to) return
    for (const row of await connection.all<BareRow>(LATER, this.whole, to)) this.keep(row)
    // Two searches may have asked at once.
    this.whole = Math.max(this.whole, to)
  }

  /** Those of some blocks, or of all up to a number, that may hold matching events, by their number. All of them must be kept. */
  candidates(among: readonly number[] | number, query: StoreQuery): FileCandidate[] {
    const keep = blockFilter(query.filter)
    const earliest = bound(query.earliest)
    const latest = bound(query.latest)
    const found: FileCandidate[] = []
    const look = (id: number) => {
      const b = this.facts[id - 1]!
      if (b.tmax >= earliest && b.tmin < latest && (!keep || keep(b))) found.push(b)
    }
    if (typeof among !== 'number') among.forEach(look)
    else for (let id = 1; id <= among; id++) look(id)
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
    const found = this.of(f)
    await found.load(connection, f.lastBlock)
    this.shrink()
    return found
  }
  /** What is kept of a file, and what will be. */
  of(f: SnapshotFile): FileBlocks {
    const key = keyOf(f)
    const found = this.files.get(key) ?? new FileBlocks(f.index)
    this.files.delete(key)
    this.files.set(key, found)
    return found
  }
  shrink(): void {
    let blocks = 0
    for (const f of this.files.values()) blocks += f.count
    for (const [key, f] of this.files) {
      if (blocks <= KEPT || this.files.size === 1) return
      this.files.delete(key)
      blocks -= f.count
    }
  }
}
