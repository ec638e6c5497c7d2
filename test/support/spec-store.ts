import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Knowledge, loadKnowledge } from '../../knowledge/snapshot'
import { searchKnowledge } from '../../search/knowledge'
import { loadLanguage } from '../../search/load-language'
import { shippedApps } from '../../search/local-head'
import type { SearchKnowledge } from '../../search/search-knowledge'
import { openStore, type SqliteStore } from '../../storage/backends/sqlite/store'
import type { EventReader, NewEvent } from '../../storage/event-store'
import type { SpecCase, SpecEvent } from './spec-case'

const DEFAULTS = { host: 'localhost', source: 'spec', sourcetype: 'spec', index: 'main' }

/** The stores of one case: its events in the tail, or sealed in blocks of two. */
export class CaseStores {
  private readonly open = new Map<string, Promise<{ readonly store: SqliteStore; readonly folder: string }>>()

  async get(c: SpecCase, storage: 'tail' | 'sealed'): Promise<{ readonly reader: EventReader; readonly indexes: readonly string[] }> {
    let found = this.open.get(storage)
    if (!found) this.open.set(storage, (found = fill(c, storage)))
    const { store } = await found
    return { reader: store, indexes: store.indexes() }
  }
  async close(): Promise<void> {
    for (const made of this.open.values()) {
      const { store, folder } = await made
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function fill(c: SpecCase, storage: 'tail' | 'sealed') {
  const folder = mkdtempSync(join(tmpdir(), 'headstand-spec-'))
  const store = await openStore(folder, { durable: false, ...(storage === 'sealed' && { blockEvents: 2 }) })
  const byIndex = new Map<string, NewEvent[]>()
  for (const e of c.given!.events!) {
    const index = e.index ?? c.given!.index ?? DEFAULTS.index
    byIndex.set(index, [...(byIndex.get(index) ?? []), newEvent(c, e)])
  }
  for (const [index, events] of byIndex) {
    if (!store.indexes().includes(index)) await store.createIndex(index)
    await store.append(index, events, await store.reserve(index, events.length))
  }
  if (storage === 'sealed') await store.seal()
  return { store, folder }
}

function newEvent(c: SpecCase, e: SpecEvent): NewEvent {
  const of = (key: 'host' | 'source' | 'sourcetype') => e[key] ?? c.given![key] ?? DEFAULTS[key]
  return {
    time: e._time,
    indexTime: Math.floor(c.now ?? e._time),
    host: of('host'),
    source: of('source'),
    sourcetype: of('sourcetype'),
    raw: Buffer.from(String(e._raw)),
    fields: e.fields,
  }
}

let shipped: Knowledge | undefined
/** What ships, and the case's own .conf texts over it. */
export function caseKnowledge(c: SpecCase): SearchKnowledge {
  const conf = c.given?.conf
  const knowledge = conf
    ? loadKnowledge({ appFolders: [shippedApps()], systemLayers: { local: conf } })
    : (shipped ??= loadKnowledge({ appFolders: [shippedApps()] }))
  return searchKnowledge(knowledge, loadLanguage(), { app: 'search', user: 'admin', now: c.now ?? 0 })
}
