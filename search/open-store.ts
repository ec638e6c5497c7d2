import { stanzasIn } from '../knowledge/context'
import { minFreeSpace } from '../knowledge/index-time/free-space'
import { type Compression, type IndexLimits, indexDefinitions } from '../knowledge/index-time/indexes'
import type { Knowledge } from '../knowledge/snapshot'
import type { Codec } from '../storage/backends/sqlite/codec'
import type { SqliteStore, StoreOptions } from '../storage/backends/sqlite/store'
import { StoreError } from '../storage/event-store'

/** DIFFERS: brotli takes the place of gzip; it takes about as little room, in less than half the time. */
const CODECS: Readonly<Record<Compression, Codec>> = { gzip: 'brotli', lz4: 'lz4', zstd: 'zstd' }

/**
 * Opens the store of a folder as indexes.conf and server.conf have it: with the indexes named there, each with its limits.
 * @param log  one line each
 */
export async function openIndexes(
  db: string,
  knowledge: Knowledge,
  options: StoreOptions,
  log: (text: string) => void,
): Promise<SqliteStore> {
  // Not import(): it would load Node's ESM loader; and sqlite3 is loaded here, not before.
  const { openStore } = require('../storage/backends/sqlite/store') as typeof import('../storage/backends/sqlite/store')
  const { canCompress } = require('../storage/backends/sqlite/codec') as typeof import('../storage/backends/sqlite/codec')
  const { defaults, byName, faults } = indexDefinitions(stanzasIn(knowledge, 'indexes', 'global'))
  const { least, faults: more } = minFreeSpace(stanzasIn(knowledge, 'server', 'global'))
  const refused = new Set<string>()
  const settings = ({ journalCompression: asked, ...limits }: IndexLimits) => {
    const codec = asked && CODECS[asked]
    if (!codec || canCompress(codec)) return codec ? { ...limits, codec } : limits
    refused.add(`indexes.conf journalCompression = ${asked}: not to be had here, blocks are written as if it were not said`)
    return limits
  }
  const indexes = Object.fromEntries([['*', defaults] as const, ...byName].map(([name, limits]) => [name, settings(limits)]))
  const store = await openStore(db, { ...options, indexes, ...(least !== undefined && { minFreeSpace: least }) })
  for (const text of [...store.damage.map((d) => `damaged: ${d}`), ...faults, ...more, ...refused]) log(text)
  const there = new Set(store.indexes())
  for (const name of byName.keys())
    if (!there.has(name)) await store.createIndex(name).catch((e: unknown) => log(`indexes.conf: ${said(e)}`))
  return store
}

const said = (e: unknown): string => {
  if (e instanceof StoreError && e.code === 'bad-name') return e.message
  throw e
}
