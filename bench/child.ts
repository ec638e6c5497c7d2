import { join } from 'node:path'
import { packageFolder } from '../knowledge/package-folder'
import type { SearchHead } from '../search/main'
import { blocking } from '../search/read'
import type { DataSet } from './data-set'
import { ingestFts5 } from './fts5'
import { answerOf, requestOf } from './search'
import { storedEvents } from './stored-events'

/** Events of one call, and calls under way: as clients of the event collector send them. */
const BATCH = 5_000
const IN_FLIGHT = 2

export type Order =
  | { readonly do: 'ingest'; readonly db: string; readonly data: DataSet }
  | { readonly do: 'fts5'; readonly file: string; readonly data: DataSet }
  /** Opens the head anew; the process stays, and with it what V8 has compiled. */
  | { readonly do: 'open'; readonly db: string }
  | { readonly do: 'search'; readonly text: string }
  /** All in one pass, in a head that is opened for it; answers the number of results of each, and of one that failed the problem's code. */
  | { readonly do: 'many'; readonly db: string; readonly texts: readonly string[] }
export interface Done {
  readonly milliseconds: number
  /** Most bytes that the process has held. */
  readonly resident: number
  readonly events: number
  readonly rows: readonly (readonly unknown[])[]
}

// What ships, with its workers beside it, not what stands in this bundle.
const { createSearchHead } = require(join(packageFolder(), 'dist', 'main.js')) as typeof import('../search/main')

let head: SearchHead | undefined
const log = (text: string) => void process.stderr.write(`${text}\n`)

/** Our side in a process of its own, started with the settings of malloc that the engine gets: one thread, no server. */
export async function main(): Promise<number> {
  process.on('message', (order: Order) => {
    obeyed(order).then(
      (done) => process.send!(done),
      (error: Error) => process.send!({ error: error.stack ?? error.message }),
    )
  })
  await new Promise((resolve) => process.once('disconnect', resolve))
  await head?.close()
  return 0
}

async function obeyed(order: Order): Promise<Done> {
  const began = performance.now()
  const found = await carriedOut(order)
  return { milliseconds: performance.now() - began, resident: process.resourceUsage().maxRSS * 1024, events: 0, rows: [], ...found }
}

async function carriedOut(order: Order): Promise<Partial<Done>> {
  switch (order.do) {
    case 'ingest':
      await ingested(order.db, order.data)
      return {}
    case 'fts5':
      await ingestFts5(order.file, order.data)
      return {}
    case 'open':
      await head?.close()
      head = await createSearchHead({ db: order.db, log })
      return {}
    case 'search':
      return answerOf(head!, order.text)
    case 'many':
      return manyOf(order.db, order.texts)
  }
}

async function manyOf(db: string, texts: readonly string[]): Promise<Pick<Done, 'rows'>> {
  const over = await createSearchHead({ db, log })
  try {
    const found = await over.many(texts.map(requestOf))
    return { rows: found.map((r) => (r.state === 'DONE' ? [r.resultCount] : [0, blocking(r.messages)?.code ?? r.state])) }
  } finally {
    await over.close()
  }
}

async function ingested(db: string, data: DataSet): Promise<void> {
  const into = await createSearchHead({ db, log })
  const flying = new Set<Promise<void>>()
  try {
    for await (const batch of storedEvents(data, BATCH)) {
      const taken: Promise<void> = into.ingest(batch).finally(() => flying.delete(taken))
      flying.add(taken)
      if (flying.size >= IN_FLIGHT) await Promise.race(flying)
    }
    await Promise.all(flying)
  } finally {
    await into.close()
  }
}
