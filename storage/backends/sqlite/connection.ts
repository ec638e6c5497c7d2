import { Database, OPEN_CREATE, OPEN_READONLY, OPEN_READWRITE, type Statement } from 'sqlite3'
import { StoreError, type StoreErrorCode } from '../../event-store'

export type Bound = string | number | null | Buffer | Uint8Array

/** A connection to one SQLite file: promises for callbacks, and every statement prepared once. */
export class Connection {
  private readonly statements = new Map<string, Statement>()
  private closed = false
  private constructor(
    private readonly db: Database,
    readonly path: string,
  ) {}

  static open(path: string, mode: 'read' | 'write'): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const flags = mode === 'read' ? OPEN_READONLY : OPEN_READWRITE | OPEN_CREATE
      const db = new Database(path, flags, (error) => (error ? reject(wrapped(error, path)) : resolve(new Connection(db, path))))
    })
  }

  /** Several statements without parameters. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.db.exec(sql, (error) => (error ? reject(wrapped(error, this.path)) : resolve()))
    })
  }
  all<T>(sql: string, ...bound: readonly Bound[]): Promise<T[]> {
    return new Promise((resolve, reject) => {
      this.prepared(sql).all<T>(bound, (error, rows) => (error ? reject(wrapped(error, this.path)) : resolve(rows)))
    })
  }
  async get<T>(sql: string, ...bound: readonly Bound[]): Promise<T | undefined> {
    return (await this.all<T>(sql, ...bound))[0]
  }
  run(sql: string, ...bound: readonly Bound[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.prepared(sql).run(bound, (error: Error | null) => (error ? reject(wrapped(error, this.path)) : resolve()))
    })
  }

  /** A write transaction; statements inside may be in flight together, begin and commit stand alone. */
  async transaction<T>(job: () => Promise<T>): Promise<T> {
    await this.run('BEGIN IMMEDIATE')
    try {
      const result = await job()
      await this.run('COMMIT')
      return result
    } catch (error) {
      await this.run('ROLLBACK').catch(() => undefined) // SQLite may have rolled back itself
      throw error
    }
  }

  close(): Promise<void> {
    this.closed = true
    for (const s of this.statements.values()) s.finalize()
    this.statements.clear()
    return new Promise((resolve, reject) => this.db.close((error) => (error ? reject(wrapped(error, this.path)) : resolve())))
  }

  private prepared(sql: string): Statement {
    // sqlite3 would never call back.
    if (this.closed) throw new StoreError('closed', `${this.path} is closed.`)
    let found = this.statements.get(sql)
    // A statement that does not compile says so at its first use.
    if (!found) this.statements.set(sql, (found = this.db.prepare(sql, () => undefined)))
    return found
  }
}

const CODES: readonly (readonly [RegExp, StoreErrorCode])[] = [
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
  [/^SQLITE_(BUSY|LOCKED)/, 'locked'],
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_READONLY/, 'read-only'],
]

/** SQLite's errors come without a stack of ours and without the file. */
function wrapped(error: Error, path: string): StoreError {
  const code = CODES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'failed'
  return new StoreError(code, `${path}: ${error.message}`)
}
