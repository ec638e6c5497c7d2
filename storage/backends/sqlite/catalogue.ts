import { join } from 'node:path'
import { type Bound, Connection } from './connection'
import { migrate } from './schema'

/** Of the store's folder as a whole: what it holds and where. */
const FOLDER_VERSION = 2
const TABLES = `
CREATE TABLE idx(name TEXT PRIMARY KEY, next INT NOT NULL) WITHOUT ROWID;
CREATE TABLE file(idx TEXT NOT NULL, bucket INT NOT NULL, damaged TEXT, PRIMARY KEY(idx, bucket)) WITHOUT ROWID;
`
/** From version i + 1 to the next. `state`: null, the file that is written · warm, full · retired, to be unlinked · gone. Its facts are of a warm one. */
const COLUMNS = ['state TEXT', 'first INT', 'last INT', 'tmin INT', 'tmax INT', 'bytes INT']
  .map((c) => `ALTER TABLE file ADD COLUMN ${c};`)
  .join(' ')
const STEPS: readonly string[] = [COLUMNS]
export const CATALOGUE = 'headstand.db'

export interface IndexFile {
  readonly index: string
  readonly bucket: number
}
/** A file that can be read, or that was set aside as `damaged`. */
export interface FileState extends IndexFile {
  readonly state: 'hot' | 'warm'
  readonly damaged: string | null
}
/** Of a file that is full: bounds of its serials, of its times in microseconds, bytes on the disk. */
export interface FileFacts {
  readonly first: number
  readonly last: number
  readonly tmin: number
  readonly tmax: number
  readonly bytes: number
}
export const pathOf = (dir: string, f: IndexFile): string => join(dir, f.index, `${f.bucket}.db`)
/** What is kept of the fields of its events: see `ColumnFiles`. */
export const columnsPathOf = (dir: string, f: IndexFile): string => join(dir, f.index, `${f.bucket}.columns.db`)

const PRESENT = "(state IS NULL OR state = 'warm')"
const LIVE = `damaged IS NULL AND ${PRESENT}`

/** The indexes of a store, their files, and the serial numbers given away. A file that is gone keeps its row: numbers are given once. */
export class Catalogue {
  private constructor(
    private readonly connection: Connection,
    private readonly changed: () => void,
  ) {}

  /** @param changed called after each change of what is read here */
  static async open(dir: string, mode: 'read' | 'write', changed = () => {}): Promise<Catalogue> {
    const connection = await Connection.open(join(dir, CATALOGUE), mode)
    if (mode === 'write') await connection.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
    await migrate(connection, FOLDER_VERSION, TABLES + COLUMNS, STEPS)
    return new Catalogue(connection, changed)
  }
  private async change(sql: string, ...bound: readonly Bound[]): Promise<void> {
    await this.connection.run(sql, ...bound)
    this.changed()
  }

  async names(): Promise<string[]> {
    return (await this.connection.all<{ name: string }>('SELECT name FROM idx ORDER BY name')).map((r) => r.name)
  }
  /** Files that can be read, the oldest first. */
  files(): Promise<IndexFile[]> {
    return this.connection.all<IndexFile>(`SELECT idx AS "index", bucket FROM file WHERE ${LIVE} ORDER BY idx, bucket`)
  }
  /** The same, and those that were set aside. */
  states(): Promise<FileState[]> {
    const sql = `SELECT idx AS "index", bucket, coalesce(state, 'hot') AS state, damaged FROM file WHERE ${PRESENT} ORDER BY idx, bucket`
    return this.connection.all<FileState>(sql)
  }
  async add(names: readonly string[]): Promise<void> {
    await this.change('INSERT OR IGNORE INTO idx SELECT value, 0 FROM json_each(?)', JSON.stringify(names))
  }
  async addFile(f: IndexFile): Promise<void> {
    await this.change('INSERT INTO file(idx, bucket) VALUES(?, ?)', f.index, f.bucket)
  }
  /** The files of an index that are full. */
  warm(index: string): Promise<(IndexFile & FileFacts)[]> {
    const sql = `SELECT idx AS "index", bucket, first, last, tmin, tmax, bytes FROM file WHERE ${LIVE} AND state = 'warm' AND idx = ? ORDER BY tmax`
    return this.connection.all(sql, index)
  }
  /** The file that is written to, if there is one. */
  hot(index: string): Promise<IndexFile | undefined> {
    const sql = `SELECT idx AS "index", bucket FROM file WHERE ${LIVE} AND state IS NULL AND idx = ? ORDER BY bucket DESC LIMIT 1`
    return this.connection.get(sql, index)
  }
  async roll(f: IndexFile, x: FileFacts): Promise<void> {
    const sql = "UPDATE file SET state = 'warm', first = ?, last = ?, tmin = ?, tmax = ?, bytes = ? WHERE idx = ? AND bucket = ?"
    await this.change(sql, x.first, x.last, x.tmin, x.tmax, x.bytes, f.index, f.bucket)
  }
  async retire(f: IndexFile): Promise<void> {
    await this.change("UPDATE file SET state = 'retired' WHERE idx = ? AND bucket = ?", f.index, f.bucket)
  }
  retired(): Promise<IndexFile[]> {
    return this.connection.all('SELECT idx AS "index", bucket FROM file WHERE state = \'retired\'')
  }
  async unlinked(f: IndexFile): Promise<void> {
    await this.change("UPDATE file SET state = 'gone' WHERE idx = ? AND bucket = ?", f.index, f.bucket)
  }
  async nextBucket(index: string): Promise<number> {
    const row = await this.connection.get<{ next: number }>('SELECT coalesce(max(bucket) + 1, 0) AS next FROM file WHERE idx = ?', index)
    return row!.next
  }
  async setAside(f: IndexFile, path: string): Promise<void> {
    await this.change('UPDATE file SET damaged = ? WHERE idx = ? AND bucket = ?', path, f.index, f.bucket)
  }
  /** The first serial that was never given away. */
  async nextSerial(index: string): Promise<number> {
    return (await this.connection.get<{ next: number }>('SELECT next FROM idx WHERE name = ?', index))!.next
  }
  async setNextSerial(index: string, next: number): Promise<void> {
    await this.connection.run('UPDATE idx SET next = ? WHERE name = ?', next, index)
  }
  close(): Promise<void> {
    return this.connection.close()
  }
}
