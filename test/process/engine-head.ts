import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineHead, type EngineOptions } from '../../search/engine-head'
import { Busy, type IncomingEvent, type Job, type JobStatus, type SearchRequest } from '../../search/head'

export { sleep }

const program = join(__dirname, '..', '..', 'dist', 'engine.js')

/** A search head whose engine is the built one. */
export function startHead(options: EngineOptions = {}): Promise<EngineHead> {
  if (!existsSync(program)) throw new Error('dist/engine.js is not there: these tests start what `npm run build` makes')
  return EngineHead.start({ program, ...options })
}

export function request(search: string, more: Partial<SearchRequest> = {}): SearchRequest {
  const limits = { ttlSeconds: 600, maxCount: 50_000, maxTimeSeconds: 0, preview: true }
  return {
    search,
    owner: 'admin',
    app: 'search',
    indexesAllowed: ['*'],
    indexesDefault: ['main'],
    ...limits,
    origin: 'test',
    echo: {},
    ...more,
  }
}

export const events = (texts: readonly string[]): IncomingEvent[] =>
  texts.map((raw, i) => ({ index: 'main', time: 1_700_000_000 + i, host: 'h', source: 's', sourcetype: 't', raw }))

/** Runs a search to its end. */
export async function ran(
  head: EngineHead,
  search: string,
  more: Partial<SearchRequest> = {},
): Promise<{ readonly job: Job; readonly status: JobStatus }> {
  const job = await head.start(request(search, more))
  return { job, status: await job.finished() }
}
export const codes = (s: JobStatus): string[] => s.messages.map((m) => m.code)

/** Waits until it is so; far past any time that it may take, it gives up, so that a failing test ends. */
export async function until(so: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !so(); await sleep(2))
    if (performance.now() > end) throw new Error(`waited in vain until ${so}`)
}
export const healthy = (head: EngineHead): Promise<void> => until(() => head.healthy())

/** Ends the engine as a crash would. */
export function killEngine(head: EngineHead): void {
  try {
    process.kill(head.enginePid!, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
/** Values of a field of all rows. */
export async function column(job: Job, field: string): Promise<string[]> {
  const { fields, rows } = await job.rows({ kind: 'results', offset: 0, count: 0, fields: [field] })
  const at = fields.indexOf(field)
  return rows.map((r) => String(r[at]))
}

/** Starts a search, again while no engine is up. */
export async function startWhenUp(head: EngineHead, search: string): Promise<Job> {
  for (;;) {
    await healthy(head)
    try {
      return await head.start(request(search, { maxCount: 0 }))
    } catch (e) {
      if (!(e instanceof Busy)) throw e
    }
  }
}
