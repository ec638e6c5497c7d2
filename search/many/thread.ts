/** A thread that runs a part of many searches, on a read connection of its own. It ends by itself. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Knowledge } from '../../knowledge/snapshot'
import { openReader, type StorePlace } from '../../storage/backends/sqlite/reader'
import type { ManyResult } from '../head'
import { loadLanguage } from '../load-language'
import { knowledgeOf, type ManyOver, type Numbered, runMany } from './run-many'

export interface HelperStart extends Pick<ManyOver, 'indexes' | 'serverName' | 'guid' | 'limits' | 'now' | 'rows'> {
  readonly requests: readonly Numbered[]
  readonly place: StorePlace
  readonly knowledge: Knowledge
}
export type ToHelper = 'cancel'
export type FromHelper = { readonly result: ManyResult; readonly number: number } | { readonly log: string }

const { requests, place, knowledge, ...over } = workerData as HelperStart
const port = parentPort!
const say = (m: FromHelper) => port.postMessage(m)
const stop = new AbortController()
port.on('message', (_m: ToHelper) => stop.abort())

async function run(): Promise<void> {
  const reader = await openReader(place)
  const language = loadLanguage()
  try {
    await runMany(
      requests,
      { ...over, language, knowledge: knowledgeOf(knowledge, language), reader, signal: stop.signal, log: (log) => say({ log }) },
      (result, number) => say({ result, number }),
    )
  } finally {
    await reader.close()
  }
}
// A rejection ends the thread with an error, which its owner hears of.
void run().finally(() => port.close())
