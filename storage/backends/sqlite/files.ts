import { type IndexFile, pathOf } from './catalogue'
import { Connection } from './connection'
import { prepareReading } from './schema'

/** Reading connections of one thread, one per file, opened when first needed. */
export class Files {
  private readonly open_ = new Map<string, Promise<Connection>>()
  private readonly held = new Map<string, number>()
  private readonly turns = new WeakMap<Connection, Promise<unknown>>()

  constructor(private readonly dir: string) {}

  open(f: IndexFile): Promise<Connection> {
    const path = pathOf(this.dir, f)
    let found = this.open_.get(path)
    if (!found) {
      found = reading(path)
      this.open_.set(path, found)
      // One that failed is tried again at the next search.
      found.catch(() => this.open_.delete(path))
    }
    return found
  }

  /** Somebody uses the file: it stays open until as many have let go of it. */
  hold(f: IndexFile): void {
    const path = pathOf(this.dir, f)
    this.held.set(path, (this.held.get(path) ?? 0) + 1)
  }
  letGo(f: IndexFile): void {
    const path = pathOf(this.dir, f)
    const left = (this.held.get(path) ?? 0) - 1
    if (left > 0) this.held.set(path, left)
    else this.held.delete(path)
  }
  /** Closes files that are gone from the store, unless somebody uses them: an open connection keeps a file on the disk. @returns whether none is left open */
  async sweep(live: readonly IndexFile[]): Promise<boolean> {
    const names = new Set(live.map((f) => pathOf(this.dir, f)))
    let all = true
    for (const [path, opening] of [...this.open_]) {
      if (names.has(path)) continue
      if (this.held.has(path)) all = false
      else {
        this.open_.delete(path)
        await (await opening).close()
      }
    }
    return all
  }

  /** Several statements over one state of a file; transactions of one connection cannot overlap. */
  consistently<T>(connection: Connection, job: () => Promise<T>): Promise<T> {
    const before = this.turns.get(connection) ?? Promise.resolve()
    const turn = before.then(() => reads(connection, job))
    this.turns.set(
      connection,
      turn.catch(() => undefined),
    )
    return turn
  }

  async close(): Promise<void> {
    const all = [...this.open_.values()]
    this.open_.clear()
    for (const c of all) await (await c).close()
  }
}

async function reading(path: string): Promise<Connection> {
  const connection = await Connection.open(path, 'read')
  try {
    await prepareReading(connection)
    return connection
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function reads<T>(connection: Connection, job: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN')
  try {
    return await job()
  } finally {
    await connection.run('COMMIT')
  }
}
