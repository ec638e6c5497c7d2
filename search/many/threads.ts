import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { compareTexts } from '../../spl/values/compare'
import type { ManyResult, SearchRequest } from '../head'
import { type ManyOver, type Numbered, runMany } from './run-many'
import type { FromHelper, HelperStart, ToHelper } from './thread'

/** Beside what is bundled; where it is not there, nobody helps. */
const PROGRAM = join(__dirname, 'many-thread.js')
/** Threads at most. */
const THREADS = Math.min(4, availableParallelism())
/** So many searches are worth a thread. */
const WORTH = 16
/** Pieces that each thread gets: what a search costs is not known before, but searches that begin alike cost alike. */
const PIECES = 6

/** What a thread needs beside its searches. */
export type HelpWith = Omit<HelperStart, 'requests'>
type OnResult = (result: ManyResult, number: number) => void

/**
 * Runs many searches, a part of them in each of some threads.
 * @param help  asked where the searches are enough; undefined: all is done in this one @param onResult  told as soon as a search has ended
 */
export async function runOnThreads(
  requests: readonly SearchRequest[],
  over: ManyOver,
  help: () => Promise<HelpWith | undefined>,
  onResult: OnResult = () => undefined,
): Promise<readonly ManyResult[]> {
  const results: ManyResult[] = []
  const keep: OnResult = (result, number) => {
    results[number] = result
    onResult(result, number)
  }
  const all = requests.map((request, number) => ({ request, number }))
  const threads = existsSync(PROGRAM) ? Math.min(THREADS, Math.floor(all.length / WORTH)) : 1
  const helping = threads > 1 ? await help() : undefined
  const [own, ...others] = helping ? dealt(all, threads) : [all]
  await Promise.all([runMany(own!, over, keep), ...others.map((part) => runElsewhere(part, helping!, { over, onResult: keep }))])
  // What a thread that was lost has not told.
  const left = all.filter((r) => !results[r.number])
  if (left.length > 0) await runMany(left, over, keep)
  return results
}

/**
 * Deals searches to threads, the first of which is the caller's own. Those that begin alike mostly read the same events and fields, and
 * stay together: all else that they need is done by each thread.
 */
function dealt(all: readonly Numbered[], threads: number): readonly (readonly Numbered[])[] {
  const alike = [...all].sort((a, b) => compareTexts(a.request.search, b.request.search))
  const size = Math.ceil(alike.length / (threads * PIECES))
  return Array.from({ length: threads }, (_, t) => alike.filter((_r, i) => Math.floor(i / size) % threads === t))
}

/** Resolves when the thread has ended; where it was lost it has told of some of its searches only. */
function runElsewhere(
  requests: readonly Numbered[],
  help: HelpWith,
  { over, onResult }: { readonly over: Pick<ManyOver, 'signal' | 'log'>; readonly onResult: OnResult },
): Promise<void> {
  const worker = new Worker(PROGRAM, { workerData: { ...help, requests } satisfies HelperStart })
  const cancel = () => worker.postMessage('cancel' satisfies ToHelper)
  if (over.signal?.aborted) cancel()
  over.signal?.addEventListener('abort', cancel, { once: true })
  worker.on('message', (m: FromHelper) => ('log' in m ? over.log?.(m.log) : onResult(m.result, m.number)))
  worker.on('error', (e) => over.log?.(`many: ${e.stack ?? e.message}`))
  return new Promise((resolve) =>
    worker.once('exit', () => {
      over.signal?.removeEventListener('abort', cancel)
      resolve()
    }),
  )
}
