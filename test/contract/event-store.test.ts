import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReader } from '../../storage/backends/sqlite/reader'
import { openStore, type SqliteStore, type StoreOptions } from '../../storage/backends/sqlite/store'
import { eventStoreContract } from './event-store'

async function subject(options: StoreOptions) {
  const dir = await mkdtemp(join(tmpdir(), 'headstand-store-'))
  return {
    open: () => openStore(dir, { durable: false, ...options }),
    reader: (store: unknown) => openReader((store as SqliteStore).place),
    remove: () => rm(dir, { recursive: true }),
  }
}

eventStoreContract('SQLite, blocks of two, postings of every term', () => subject({ blockEvents: 2, postingsFrom: 1 }))
eventStoreContract('SQLite, blocks as they come', () => subject({}), { small: true })
