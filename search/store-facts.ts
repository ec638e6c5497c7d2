/** What commands are told of the store: within the indexes that the role of the search may see. */

import { alive } from '../spl/batch/batch'
import { NOTHING } from '../spl/batch/demand'
import type { StoreFacts } from '../spl/syntax/store-facts'
import type { EventReader } from '../storage/event-store'
import type { SearchRequest } from './head'
import { matchingIndexes } from './resolve'

interface Asking {
  readonly guid: string
  readonly reader: EventReader | undefined
  /** Names of all indexes. */
  readonly indexes: readonly string[]
  readonly request: Pick<SearchRequest, 'indexesAllowed' | 'indexesDefault'>
}

/** @param border what is done between two pages of events: see `Environment` */
export function storeFacts(x: Asking, border: () => Promise<void> | undefined): StoreFacts | undefined {
  const { guid, reader, request } = x
  if (!reader) return undefined
  const allowed = request.indexesAllowed
  const permitted = matchingIndexes(x.indexes, allowed)
  return {
    guid,
    indexes: (patterns) => matchingIndexes(permitted, patterns.length > 0 ? patterns : request.indexesDefault),
    describe: async (scope) => (await reader.describe({ ...scope, allowed })).indexes,
    terms: async (query) => (await reader.terms({ ...query, allowed })).terms,
    async *events(index, range, filter) {
      const { earliest, latest } = range
      const { snapshot } = await reader.open({
        indexes: [index],
        allowed,
        earliest,
        latest,
        filter,
        hints: undefined,
        demand: NOTHING,
      })
      try {
        for (const task of await reader.tasks(snapshot, 1)) {
          for await (const { batch } of reader.scan(task)) {
            const wait = border()
            if (wait) await wait
            if (alive(batch) > 0) yield batch
          }
        }
      } finally {
        await reader.release(snapshot)
      }
    },
  }
}
