/** A worker thread of the engine: runs one search at a time, on a read connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { problem } from '../../spl/text/problems'
import { openReader, type StorePlace } from '../../storage/backends/sqlite/reader'
import { type EventReader, StoreError } from '../../storage/event-store'
import { executeSearch, fileSink } from '../execute'
import type { JobMessage } from '../jobs/message'
import { searchKnowledge } from '../knowledge'
import { loadLanguage } from '../load-language'
import type { EngineSettings, StartSearch } from './protocol'

export interface WorkerStart {
  readonly place: StorePlace
  readonly settings: EngineSettings
}
export interface WorkerSearch {
  readonly search: StartSearch
  readonly indexes: readonly string[]
  readonly words: Int32Array
}
export type FromWorker = { readonly message: JobMessage } | { readonly log: string } | { readonly idle: true }

const { place, settings } = workerData as WorkerStart
const port = parentPort!
const say = (m: FromWorker) => port.postMessage(m)
const language = loadLanguage()
let reader: Promise<EventReader> | undefined
let running: Promise<void> = Promise.resolve()

port.on('message', (m: WorkerSearch | 'close') => {
  if (m === 'close') end()
  else running = run(m)
})

/** A search that runs is waited for. */
async function end(): Promise<void> {
  await running
  await reader?.then((r) => r.close()).catch((e: unknown) => say({ log: `worker: ${String(e)}` }))
  port.close()
}

/** Never rejects. */
async function run(w: WorkerSearch): Promise<void> {
  try {
    await execute(w)
  } catch (e) {
    say({ log: `search ${w.search.sid}: ${e instanceof Error ? e.stack : String(e)}` })
    say({ message: { type: 'failed', problem: e instanceof StoreError ? problem('store-failed', { text: e.message }) : problem('internal', {}) } })
  } finally {
    say({ idle: true })
  }
}
async function execute({ search, indexes, words }: WorkerSearch): Promise<void> {
  const send = (message: JobMessage) => say({ message })
  const { sid, request, now } = search
  reader ??= openReader(place)
  await executeSearch(
    {
      sid,
      request,
      now,
      language,
      knowledge: searchKnowledge(settings.knowledge, language, { app: request.app, user: request.owner, now }),
      reader: await opened(reader),
      indexes,
      serverName: settings.serverName,
      limits: settings.limits,
      words,
      sink: fileSink(search.folder, settings.limits.diskBytes, send),
      send,
    },
    (log) => say({ log }),
  )
}
/** The next search tries again. */
function opened(r: Promise<EventReader>): Promise<EventReader> {
  return r.catch((e: unknown) => {
    reader = undefined
    throw e
  })
}
