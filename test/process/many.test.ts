import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchRequest } from '../../search/head'
import { LocalHead } from '../../search/local-head'
import { ENDS, FROM, numbers, warmApps, warmEvents } from '../support/warm-events'
import { request } from './engine-head'

jest.setTimeout(120_000)

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILTERS = ['*', 'user=* code>1', 'run NOT (failed OR 7)', 'user="no such user"']
const more: Partial<SearchRequest> = { app: 'warm_one', maxCount: 0, now: FROM + 10_000, preview: false }
const searches = FILTERS.flatMap((filter, i) =>
  ENDS.filter((_end, k) => k % FILTERS.length === i).map((end) => request(`search ${filter} | ${end}`, more)),
)

/** Runs what ships, and says how many chunks of pages helpers read. */
const PROGRAM = `
const threads = require('node:worker_threads')
let chunks = 0
threads.Worker = class extends threads.Worker {
  constructor(...all) {
    super(...all)
    this.on('message', (m) => { if ('chunk' in m) chunks++ })
  }
}
const { createSearchHead } = require(process.argv[1])
const { options, searches } = JSON.parse(process.argv[2])
createSearchHead(options).then(async (head) => {
  const results = await head.many(searches, { rows: 1e6 })
  await head.close()
  process.stdout.write(JSON.stringify({ chunks, results }))
})
`

test('threads that help with many searches change no result', async () => {
  const options = { db: join(folder, 'db'), appFolders: warmApps(folder) }
  const alone = new LocalHead({ ...options, store: { blockEvents: 2 } })
  await alone.createIndex('other')
  await alone.ingest(warmEvents(numbers(22), 2000, ['pairs', 'json', 'indexed', 'sysmon']))
  const expected = await alone.many(searches, { rows: 1e6 })
  await alone.close()
  expect(expected.filter((r) => r.state === 'DONE' && r.resultCount > 0).length).toBeGreaterThan(10)

  const main = join(__dirname, '..', '..', 'dist', 'main.js')
  const asked = JSON.stringify({ options: { ...options, limits: { sharedEvents: 1000 } }, searches })
  const out = execFileSync(process.execPath, ['-e', PROGRAM, main, asked], { maxBuffer: 1 << 28, encoding: 'utf8' })
  const { chunks, results } = JSON.parse(out) as { chunks: number; results: typeof expected }
  expect(chunks).toBeGreaterThan(0)
  const shown = (all: typeof expected) => all.map((r, i) => ({ search: searches[i]!.search, ...comparable(r) }))
  expect(shown(results)).toEqual(shown(JSON.parse(JSON.stringify(expected))))
})

/** A search that stops early may meet more events before it is heard. */
function comparable({ state, resultCount, rows, messages }: Awaited<ReturnType<LocalHead['many']>>[number]) {
  return { state, resultCount, rows, codes: messages.map((m) => m.code).sort() }
}
