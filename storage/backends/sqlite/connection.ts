import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Database, OPEN_CREATE, OPEN_READONLY, OPEN_READWRITE, type Statement } from 'sqlite3'
import { StoreError, type StoreErrorCode } from '../../event-store'

export type Bound = string | number | null | Buffer | Uint8Array

interface Prepared {
  readonly statement: Statement
  /** Whoever called it before it was compiled; undefined once it is. */
  waiting: ((error: Error) => void)[] | undefined
}

/** A connection to one SQLite file: promises for callbacks, and every statement prepared once. */
export class Connection {
  private readonly statements = new Map<string, Prepared>()
  private closed = false
  private constructor(
    private readonly db: Database,
    readonly path: string,
    private readonly committed: (() => void) | undefined,
  ) {}

  /** @param committed called after each transaction that was */
  static open(path: string, mode: 'read' | 'write', committed?: () => void): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const flags = mode === 'read' ? OPEN_READONLY : OPEN_READWRITE | OPEN_CREATE
      const db = new Database(path, flags, (error) => (error ? reject(wrapped(error, path)) : resolve(new Connection(db, path, committed))))
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
      const failed = (error: Error) => reject(wrapped(error, this.path))
      this.prepared(sql, failed).all<T>(bound, (error, rows) => (error ? failed(error) : resolve(rows)))
    })
  }
  async get<T>(sql: string, ...bound: readonly Bound[]): Promise<T | undefined> {
    return (await this.all<T>(sql, ...bound))[0]
  }
  run(sql: string, ...bound: readonly Bound[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(wrapped(error, this.path))
      this.prepared(sql, failed).run(bound, (error: Error | null) => (error ? failed(error) : resolve()))
    })
  }

  /** A write transaction; statements inside may be in flight together, begin and commit stand alone. */
  async transaction<T>(job: () => Promise<T>): Promise<T> {
    await this.run('BEGIN IMMEDIATE')
    try {
      const result = await job()
      await this.run('COMMIT')
      this.committed?.()
      return result
    } catch (error) {
      await this.run('ROLLBACK').catch(() => undefined) // SQLite may have rolled back itself
      throw error
    }
  }

  close(): Promise<void> {
    this.closed = true
    for (const { statement } of this.statements.values()) statement.finalize()
    this.statements.clear()
    return new Promise((resolve, reject) => this.db.close((error) => (error ? reject(wrapped(error, this.path)) : resolve())))
  }

  /** @param failed  called when it does not compile: sqlite3 drops what waits for such a statement without a word */
  private prepared(sql: string, failed: (error: Error) => void): Statement {
    // sqlite3 would never call back.
    if (this.closed) throw new StoreError('closed', `${this.path} is closed.`)
    const found = this.statements.get(sql) ?? this.prepare(sql)
    found.waiting?.push(failed)
    return found.statement
  }
  private prepare(sql: string): Prepared {
    const statement = this.db.prepare(sql, (error: Error | null) => {
      if (error) this.statements.delete(sql)
      if (error) for (const failed of made.waiting!) failed(error)
      made.waiting = undefined
    })
    const made: Prepared = { statement, waiting: [] }
    this.statements.set(sql, made)
    return made
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
  // Where SQLite makes its own small files it does not tell why it cannot.
  if (/^SQLITE_(IOERR|CANTOPEN)/.test(error.message) && noRoom(path))
    return new StoreError('full', `${path}: the disk is full (${error.message})`)
  return new StoreError(code, `${path}: ${error.message}`)
}

/** Bytes that SQLite takes for the smallest of its files. */
const SMALLEST = 64 << 10
function noRoom(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize < SMALLEST
  } catch {
    return false // it is not there
  }
}
