import { join } from 'node:path'
import { Connection } from './connection'
import { migrate } from './schema'

/** Of the store's folder as a whole: what it holds and where. */
const FOLDER_VERSION = 1
const TABLES = `
CREATE TABLE idx(name TEXT PRIMARY KEY, next INT NOT NULL) WITHOUT ROWID;
CREATE TABLE file(idx TEXT NOT NULL, bucket INT NOT NULL, damaged TEXT, PRIMARY KEY(idx, bucket)) WITHOUT ROWID;
`
export const CATALOGUE = 'headstand.db'

export interface IndexFile {
  readonly index: string
  readonly bucket: number
}
export const pathOf = (dir: string, f: IndexFile): string => join(dir, f.index, `${f.bucket}.db`)

/** The indexes of a store, their files, and the serial numbers given away. */
export class Catalogue {
  private constructor(private readonly connection: Connection) {}

  static async open(dir: string, mode: 'read' | 'write'): Promise<Catalogue> {
    const connection = await Connection.open(join(dir, CATALOGUE), mode)
    if (mode === 'write') await connection.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL')
    await migrate(connection, FOLDER_VERSION, TABLES)
    return new Catalogue(connection)
  }

  async names(): Promise<string[]> {
    return (await this.connection.all<{ name: string }>('SELECT name FROM idx ORDER BY name')).map((r) => r.name)
  }
  /** Files that can be read, the oldest first. */
  files(): Promise<IndexFile[]> {
    return this.connection.all<IndexFile>('SELECT idx AS "index", bucket FROM file WHERE damaged IS NULL ORDER BY idx, bucket')
  }
  async add(names: readonly string[]): Promise<void> {
    await this.connection.run('INSERT OR IGNORE INTO idx SELECT value, 0 FROM json_each(?)', JSON.stringify(names))
  }
  async addFile(f: IndexFile): Promise<void> {
    await this.connection.run('INSERT INTO file VALUES(?, ?, NULL)', f.index, f.bucket)
  }
  async nextBucket(index: string): Promise<number> {
    const row = await this.connection.get<{ next: number }>('SELECT coalesce(max(bucket) + 1, 0) AS next FROM file WHERE idx = ?', index)
    return row!.next
  }
  async setAside(f: IndexFile, path: string): Promise<void> {
    await this.connection.run('UPDATE file SET damaged = ? WHERE idx = ? AND bucket = ?', path, f.index, f.bucket)
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
