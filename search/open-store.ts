import { stanzasIn } from '../knowledge/context'
import { indexDefinitions } from '../knowledge/index-time/indexes'
import type { Knowledge } from '../knowledge/snapshot'
import type { SqliteStore, StoreOptions } from '../storage/backends/sqlite/store'
import { StoreError } from '../storage/event-store'

/** Opens the store of a folder as indexes.conf has it: with the indexes named there, each with its limits. @param log  one line each */
export async function openIndexes(
  db: string,
  knowledge: Knowledge,
  options: StoreOptions,
  log: (text: string) => void,
): Promise<SqliteStore> {
  // Not import(): it would load Node's ESM loader; and sqlite3 is loaded here, not before.
  const { openStore } = require('../storage/backends/sqlite/store') as typeof import('../storage/backends/sqlite/store')
  const { defaults, byName, faults } = indexDefinitions(stanzasIn(knowledge, 'indexes', 'global'))
  const store = await openStore(db, { ...options, indexes: { ...Object.fromEntries(byName), '*': defaults } })
  for (const text of [...store.damage.map((d) => `damaged: ${d}`), ...faults]) log(text)
  const there = new Set(store.indexes())
  for (const name of byName.keys())
    if (!there.has(name)) await store.createIndex(name).catch((e: unknown) => log(`indexes.conf: ${said(e)}`))
  return store
}

const said = (e: unknown): string => {
  if (e instanceof StoreError && e.code === 'bad-name') return e.message
  throw e
}
