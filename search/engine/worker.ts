/** A worker thread of the engine: runs one search at a time, on a read connection of its own. */
import { MessageChannel, type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { problem } from '../../spl/text/problems'
import { openReader, type SqliteReader, type StorePlace } from '../../storage/backends/sqlite/reader'
import { StoreError } from '../../storage/event-store'
import { ColumnCache } from '../columns'
import { executeSearch } from '../execute'
import { type RemoteScan, remoteScan } from '../hearing'
import type { JobMessage } from '../jobs/message'
import { searchKnowledge } from '../knowledge'
import { loadLanguage } from '../load-language'
import { runShare, type ScanShare } from '../share'
import { fileSink } from '../sink'
import { Outbox } from './outbox'
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
/** A part of another worker's scan, and the port to its owner. */
export interface WorkerHelp {
  readonly share: ScanShare
  readonly port: MessagePort
}
export type FromWorker =
  | { readonly messages: readonly JobMessage[] }
  | { readonly log: string }
  | { readonly idle: true }
  /** Help is wanted: to be handed to a thread that has nothing to do, if there is one. */
  | { readonly help: WorkerHelp }
  | { readonly helped: true }

/** A turn of the event loop is due after so many milliseconds. */
const TURN = 8

const { place, settings } = workerData as WorkerStart
const port = parentPort!
const say = (m: FromWorker) => port.postMessage(m)
const language = loadLanguage()
const columns = new ColumnCache()
let reader: Promise<SqliteReader> | undefined
let running: Promise<void> = Promise.resolve()

port.on('message', (m: WorkerSearch | WorkerHelp | 'close' | 'sweep') => {
  if (m === 'close') void end()
  else if (m === 'sweep') void swept()
  else running = 'share' in m ? help(m) : run(m)
})

/** What cannot be closed now is closed by the next search. */
const swept = () => reader?.then((r) => r.sweep()).catch((e: unknown) => say({ log: `worker: ${String(e)}` }))

/** Never rejects. */
async function help({ share, port: owner }: WorkerHelp): Promise<void> {
  let turned = performance.now()
  await runShare(share, {
    language,
    knowledge: searchKnowledge(settings.knowledge, language, { app: share.app, user: share.user, now: share.now }),
    columns,
    reader: () => opened((reader ??= openReader(place))),
    send: (m, transfer = []) => owner.postMessage(m, [...transfer]),
    turn: () => {
      if (performance.now() - turned < TURN) return undefined
      return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        turned = performance.now()
      })
    },
    log: (log) => say({ log }),
  })
  owner.close()
  say({ helped: true })
}

/** A port to whoever will help, as what it says. */
function remote(share: ScanShare): RemoteScan {
  const { port1, port2 } = new MessageChannel()
  port.postMessage({ help: { share, port: port2 } } satisfies FromWorker, [port2])
  return remoteScan(port1)
}

/** A search that runs is waited for. */
async function end(): Promise<void> {
  await running
  await reader?.then((r) => r.close()).catch((e: unknown) => say({ log: `worker: ${String(e)}` }))
  port.close()
}

/** Never rejects. */
async function run(w: WorkerSearch): Promise<void> {
  const outbox = new Outbox((messages) => say({ messages }))
  try {
    await execute(w, (m) => outbox.put(m))
  } catch (e) {
    say({ log: `search ${w.search.sid}: ${e instanceof Error ? e.stack : String(e)}` })
    outbox.put({
      type: 'failed',
      problem: e instanceof StoreError ? problem('store-failed', { text: e.message }) : problem('internal', {}),
    })
  } finally {
    say({ idle: true })
  }
}
async function execute({ search, indexes, words }: WorkerSearch, send: (m: JobMessage) => void): Promise<void> {
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
      columns,
      indexes,
      serverName: settings.serverName,
      guid: settings.guid,
      limits: settings.limits,
      words,
      sink: fileSink(search.folder, settings.limits.diskBytes, send),
      send,
      ...(settings.workers > 1 && { share: remote }),
    },
    (log) => say({ log }),
  )
}
/** The next search tries again. */
function opened(r: Promise<SqliteReader>): Promise<SqliteReader> {
  return r.catch((e: unknown) => {
    reader = undefined
    throw e
  })
}
