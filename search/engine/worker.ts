/** A worker thread of the engine: runs one search at a time, on a read connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { openReader, type StorePlace } from '../../storage/backends/sqlite/reader'
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
const reader = openReader(place)

port.on('message', (m: WorkerSearch | 'close') => {
  if (m === 'close') {
    reader.then((r) => r.close()).finally(() => port.close())
    return
  }
  run(m).catch((e: unknown) => say({ log: String(e) }))
})

async function run({ search, indexes, words }: WorkerSearch): Promise<void> {
  const send = (message: JobMessage) => say({ message })
  const { request, now } = search
  await executeSearch(
    {
      sid: search.sid,
      request,
      now,
      language,
      knowledge: searchKnowledge(settings.knowledge, language, { app: request.app, user: request.owner, now }),
      reader: await reader,
      indexes,
      serverName: settings.serverName,
      limits: settings.limits,
      words,
      sink: fileSink(search.folder, send),
      send,
    },
    (log) => say({ log }),
  )
  say({ idle: true })
}
