/** A thread that reads pages for many searches beside the one that runs them. It ends by itself, once no pages are left. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Knowledge } from '../../knowledge/snapshot'
import { encodeBatch } from '../../spl/batch/codec'
import type { Demand } from '../../spl/batch/demand'
import { dictionaries } from '../../spl/batch/dictionary'
import { materialise } from '../../spl/batch/gather'
import type { Predicate } from '../../spl/expressions/predicate'
import type { Environment } from '../../spl/run/environment'
import { fail } from '../../spl/text/problems'
import { findZone, UTC } from '../../spl/values/time/zone'
import { openReader, type StorePlace } from '../../storage/backends/sqlite/reader'
import { StoreError, type StoreErrorCode } from '../../storage/event-store'
import { searchKnowledge } from '../knowledge'
import { loadLanguage } from '../load-language'
import type { FoundRows } from './found-rows'
import { PageFilter, type Said } from './page-filter'
import { type Pages, readPages } from './pages'
import { AHEAD, type SharedPages, WORDS } from './shared-pages'

/** What it needs before there are pages. */
export interface HelperStart {
  readonly place: StorePlace
  readonly knowledge: Knowledge
  readonly app: string
  readonly user: string
  readonly timeZone: string
  readonly serverName: string
  readonly env: Pick<Environment, 'now' | 'seed' | 'range' | 'batchRows' | 'regexMilliseconds' | 'memoryBytes'>
  readonly searches: readonly { readonly filter: Predicate; readonly demand: Demand }[]
  /** A byte for each search: 1 once it reads no more. */
  readonly closed: Uint8Array
}
/** `undefined`: there are none worth its while. */
export type ToHelper = { readonly pages: SharedPages | undefined }
export type FromHelper =
  | { readonly chunk: number; readonly found: readonly EncodedFound[] }
  | { readonly said: Said; readonly search: number }
  | { readonly dismissed: number }
  | { readonly unplaced: true }
  | { readonly failed: { readonly code: StoreErrorCode | undefined; readonly text: string } }
export interface EncodedFound {
  readonly search: number
  readonly batch: Uint8Array
  readonly next: number
  readonly rows: number
}

const { place, knowledge, app, user, timeZone, serverName, env, searches, closed } = workerData as HelperStart
const port: MessagePort = parentPort!
const say = (m: FromHelper, transfer: readonly ArrayBuffer[] = []) => port.postMessage(m, [...transfer])

const language = loadLanguage()
const unify = dictionaries()
let rows: FoundRows
let stopped = () => false
const check = () => {
  if (stopped()) throw fail('cancelled', {})
}
const filter = new PageFilter(
  searches.map((s) => s.filter),
  searchKnowledge(knowledge, language, { app, user, now: env.now }),
  {
    ...env,
    language,
    zone: findZone(timeZone) ?? UTC,
    host: { serverName },
    check,
    border: () => void check(),
    report: () => undefined,
  },
  {
    open: (search) => closed[search] === 0,
    keep: (search, batch) => rows.keep(search, batch),
    said: (search, said) => say({ search, said }),
    dismiss: (search) => say({ dismissed: search }),
    unplaced: () => say({ unplaced: true }),
  },
)

port.once('message', ({ pages }: ToHelper) => {
  work(pages)
    .catch((e: unknown) => {
      const code = e instanceof StoreError ? e.code : undefined
      say({ failed: { code, text: e instanceof Error ? (code ? e.message : (e.stack ?? e.message)) : String(e) } })
    })
    .finally(() => port.close())
})

async function work(shared: SharedPages | undefined): Promise<void> {
  if (!shared) return
  const { words, chunks } = shared
  stopped = () => Atomics.load(words, WORDS.stop) === 1
  const reader = await openReader(place)
  try {
    for (let i = 0; i < chunks.length && !stopped(); i++) {
      const chunk = Atomics.add(words, WORDS.next, 1)
      if (chunk >= chunks.length) return
      await readChunk(chunk, chunks[chunk]!)
    }
  } finally {
    await reader.close()
  }

  async function readChunk(chunk: number, pages: Pages): Promise<void> {
    // What it found waits in memory until what comes before it was taken.
    for (let taken = 0; chunk - (taken = Atomics.load(words, WORDS.taken)) > AHEAD && !stopped(); )
      Atomics.wait(words, WORDS.taken, taken, 50)
    const found: EncodedFound[] = []
    await readPages(pages, {
      reader,
      filter,
      unify,
      all: ALL,
      into: (r) => {
        rows = r
      },
      found: ({ search, batch, next, rows: n }) => {
        const own = materialise(batch, searches[search]!.demand, unify)
        found.push({ search, batch: encodeBatch(own, own.names()), next, rows: n })
      },
      stops: stopped,
    })
    say(
      { chunk, found },
      found.map((f) => f.batch.buffer as ArrayBuffer),
    )
  }
}
const ALL = Uint32Array.from(searches.keys())
