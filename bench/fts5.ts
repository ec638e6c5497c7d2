import { Database } from 'sqlite3'
import type { DataSet } from './data-set'
import { storedEvents } from './stored-events'

/** Events of one commit, as our own writer has them at most. */
const COMMIT = 50_000

/** The plain way to make events searchable with SQLite: a full-text table that holds the texts, one row per event, durable commits. */
export async function ingestFts5(file: string, data: DataSet): Promise<void> {
  const db = new Database(file)
  const run = (sql: string) => new Promise<void>((resolve, reject) => db.exec(sql, (e) => (e ? reject(e) : resolve())))
  await run(
    'PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; CREATE VIRTUAL TABLE events USING fts5(raw)',
  )
  const insert = db.prepare('INSERT INTO events(rowid, raw) VALUES(?, ?)')
  let id = 0
  for await (const batch of storedEvents(data, COMMIT)) {
    await run('BEGIN')
    await Promise.all(batch.map((e) => inserted(insert, ++id, e.raw.toString())))
    await run('COMMIT')
  }
  insert.finalize()
  await new Promise<void>((resolve, reject) => db.close((e) => (e ? reject(e) : resolve())))
}

const inserted = (insert: import('sqlite3').Statement, id: number, text: string) =>
  new Promise<void>((resolve, reject) => insert.run(id, text, (e: Error | null) => (e ? reject(e) : resolve())))
