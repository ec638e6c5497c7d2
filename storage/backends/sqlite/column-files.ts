import { stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type ColumnStore, type StoredColumn, type StoredValues, StoreError } from '../../event-store'
import { columnsPathOf, type IndexFile, pathOf } from './catalogue'
import type { Changes } from './changes'
import { Connection } from './connection'
import { unlinkDatabase } from './file-state'
import type { Files } from './files'
import { migrate } from './schema'
import { placeOf } from './snapshot-file'

const VERSION = 1
/**
 * A row per field and stretch; a stretch that grew, or lost events, takes the place of what it was. `first`: its first block. `stretch`: its
 * whole key. `bytes`: what the row takes, about. `codes`, `offsets`: see `packed`; null where there are none. `texts`: JSON.
 */
const TABLES = `
CREATE TABLE IF NOT EXISTS col(id INTEGER PRIMARY KEY, made TEXT, field TEXT, first INT, stretch TEXT, bytes INT, crc INT, offsets BLOB, codes BLOB,
  texts TEXT, UNIQUE(made, field, first));
`
/** Others wait for nothing here: a search that waits longer had sooner read the texts. */
const READING = 'PRAGMA busy_timeout=100'
const WRITING = 'PRAGMA busy_timeout=100; PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL'
const PAGE = 4096
/** Of the index file's bytes. */
const SHARE = 1 / 10

interface Row {
  readonly stretch: string
  readonly crc: number
  readonly offsets: Buffer | null
  readonly codes: Buffer | null
  readonly texts: string | null
}
const CHOSEN =
  'SELECT stretch, crc, offsets, codes, texts FROM col WHERE made = ? AND field = ? AND first IN (SELECT value FROM json_each(?))'
const OLDEST =
  'DELETE FROM col WHERE id IN (SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS held FROM col) WHERE held > ?)'
const INSERT =
  'INSERT OR REPLACE INTO col(made, field, first, stretch, bytes, crc, offsets, codes, texts) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)'

/**
 * Columns beside the index files, a SQLite file for each: of its own, so that a cache never takes part in what is acknowledged. It is opened
 * for each use (less than a millisecond), so that no connection keeps one that is gone. A file that is damaged is begun anew; whatever else is
 * wrong, it is done without.
 */
export class ColumnFiles implements ColumnStore {
  constructor(
    private readonly dir: string,
    private readonly files: Files,
    private readonly live: () => Promise<readonly IndexFile[]>,
    private readonly changes: Changes | undefined,
  ) {}

  get writes(): number | undefined {
    return this.changes?.columns
  }

  async *read(made: string, fields: readonly string[], stretches: readonly string[]): AsyncGenerator<StoredColumn> {
    for (const [f, keys] of byFile(stretches)) {
      const wanted = new Set(keys)
      const places = JSON.stringify(keys.map((k) => placeOf(k).first))
      const connection = await this.attempt(f, () => Connection.open(columnsPathOf(this.dir, f), 'read'))
      if (!connection) continue
      try {
        await this.attempt(f, () => connection.exec(READING))
        for (const field of fields) {
          const rows = (await this.attempt(f, () => connection.all<Row>(CHOSEN, made, field, places))) ?? []
          for (const row of rows) if (wanted.has(row.stretch) && row.crc === sum(made, field, row)) yield columnOf(field, row)
        }
      } finally {
        await this.attempt(f, () => connection.close())
      }
    }
  }

  async write(made: string, columns: readonly StoredColumn[]): Promise<void> {
    const byStretch = new Map(columns.map((c) => [c.stretch, [] as StoredColumn[]]))
    for (const c of columns) byStretch.get(c.stretch)!.push(c)
    for (const [f, keys] of byFile([...byStretch.keys()])) {
      const own = keys.flatMap((k) => byStretch.get(k)!)
      this.files.hold(f)
      try {
        await this.attempt(f, () => this.append(f, made, own))
      } finally {
        this.files.letGo(f)
      }
    }
  }

  private async append(f: IndexFile, made: string, columns: readonly StoredColumn[]): Promise<void> {
    // While the index file is open nobody unlinks it: what is written now goes with it.
    await this.files.open(f)
    if (!(await this.live()).some((l) => l.index === f.index && l.bucket === f.bucket)) return
    const most = Math.floor((await bytesOf(pathOf(this.dir, f))) * SHARE)
    const rows: { readonly bytes: number; readonly bound: Parameters<Connection['run']>[1][] }[] = []
    let bytes = 0
    for (const c of columns) {
      const row = rowOf(c)
      const size = pagesOf(row) * PAGE
      if (bytes + size > most) break
      bytes += size
      const { first } = placeOf(c.stretch)
      rows.push({ bytes, bound: [made, c.field, first, c.stretch, size, sum(made, c.field, row), row.offsets, row.codes, row.texts] })
    }
    if (rows.length === 0) return
    const connection = await Connection.open(columnsPathOf(this.dir, f), 'write')
    try {
      await connection.exec(WRITING)
      await migrate(connection, VERSION, TABLES)
      await connection.transaction(async () => {
        await connection.run(OLDEST, most - bytes)
        for (const row of rows) await connection.run(INSERT, ...row.bound)
      })
      this.changes?.tellColumns()
    } finally {
      await connection.close()
    }
  }

  /** Undefined when it failed. */
  private async attempt<T>(f: IndexFile, job: () => Promise<T>): Promise<T | undefined> {
    try {
      return await job()
    } catch (error) {
      if (error instanceof StoreError && error.code === 'damaged') await unlinkDatabase(columnsPathOf(this.dir, f)).catch(() => undefined)
      return undefined
    }
  }
}

function byFile(keys: readonly string[]): readonly (readonly [IndexFile, string[]])[] {
  const found = new Map<string, readonly [IndexFile, string[]]>()
  for (const key of keys) {
    const f = placeOf(key)
    const name = `${f.index}/${f.bucket}`
    const list = found.get(name)
    if (list) list[1].push(key)
    else found.set(name, [f, [key]])
  }
  return [...found.values()]
}

function rowOf({ stretch, values }: StoredColumn): Omit<Row, 'crc'> {
  if (!values) return { stretch, offsets: null, codes: null, texts: null }
  const { offsets } = values
  // Codes from 0, offsets as how many each row has: small numbers, mostly of one byte.
  const counts = offsets && Uint32Array.from({ length: offsets.length - 1 }, (_, i) => offsets[i + 1]! - offsets[i]!)
  const codes = Uint32Array.from(values.codes, (c) => c + 1)
  return { stretch, offsets: counts ? packed(counts) : null, codes: packed(codes), texts: JSON.stringify(values.texts) }
}

function columnOf(field: string, { stretch, offsets, codes, texts }: Row): StoredColumn {
  if (!codes || texts === null) return { field, stretch, values: null }
  const values: StoredValues = { codes: Int32Array.from(unpacked(codes), (c) => c - 1), texts: JSON.parse(texts) as string[] }
  return { field, stretch, values: offsets ? { ...values, offsets: offsetsOf(unpacked(offsets)) } : values }
}
function offsetsOf(counts: ArrayLike<number>): Uint32Array {
  const offsets = new Uint32Array(counts.length + 1)
  for (let i = 0; i < counts.length; i++) offsets[i + 1] = offsets[i]! + counts[i]!
  return offsets
}

/** Bytes per number (1, 2 or 4), then the numbers. */
function packed(numbers: Uint32Array): Buffer {
  const most = numbers.reduce((m, n) => Math.max(m, n), 0)
  const array = most < 256 ? Uint8Array.from(numbers) : most < 65_536 ? Uint16Array.from(numbers) : numbers
  return Buffer.concat([Uint8Array.of(array.BYTES_PER_ELEMENT), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)])
}
function unpacked(data: Buffer): Uint8Array | Uint16Array | Uint32Array {
  const { buffer } = Uint8Array.prototype.slice.call(data, 1)
  return data[0] === 1 ? new Uint8Array(buffer) : data[0] === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer)
}

/** SQLite does not see damage within a value; a wrong one would be a wrong answer. */
function sum(made: string, field: string, { stretch, offsets, codes, texts }: Omit<Row, 'crc'>): number {
  let crc = crc32(JSON.stringify([made, field, stretch, texts]))
  for (const blob of [offsets, codes]) crc = crc32(blob ?? '-', crc)
  return crc
}
/** A row and its overflow, in whole pages. */
const pagesOf = ({ offsets, codes, texts }: Omit<Row, 'crc'>): number =>
  1 + Math.ceil(((offsets?.length ?? 0) + (codes?.length ?? 0) + Buffer.byteLength(texts ?? '')) / PAGE)

async function bytesOf(path: string): Promise<number> {
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
