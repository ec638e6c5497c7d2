import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchHead, SearchRequest } from '../../search/head'
import { LocalHead } from '../../search/local-head'
import { ENDS, FROM, numbers, warmApps, warmEvents } from '../support/warm-events'
import { request, startHead } from './engine-head'

jest.setTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const more: Partial<SearchRequest> = { app: 'warm_one', maxCount: 0, now: FROM + 10_000, preview: false }
async function answer(head: SearchHead, search: string) {
  const job = await head.start(request(search, more))
  const { state, eventCount, messages } = await job.finished()
  const { fields, rows } = await job.rows({ kind: 'results', offset: 0, count: 0 })
  // How many events one that stops early has found depends on how far the other thread was.
  return [search, state, search.includes('head ') ? undefined : eventCount, messages.map((m) => m.code).sort(), fields, rows]
}
const FILTERS = ['*', 'user=* code>1', 'run NOT (failed OR 7)']
// Every second one: all of them are asked in test/properties/warm.test.ts.
const searches = ENDS.filter((_end, i) => i % 2 === 0).map((end, i) => `search ${FILTERS[i % FILTERS.length]} | ${end}`)

test('threads that help each other, and keep what they extract, answer as one that keeps nothing', async () => {
  const options = { db: join(folder, 'db'), appFolders: warmApps(folder) }
  const local = new LocalHead({ ...options, limits: { sharedEvents: Number.POSITIVE_INFINITY }, store: { blockEvents: 8 } })
  await local.createIndex('other')
  await local.ingest(warmEvents(numbers(20), 500, ['pairs', 'json', 'indexed', 'sysmon']))
  // Whole stretches of one kind: these are what may be read without texts.
  for (const kind of ['pairs', 'json'] as const) await local.ingest(warmEvents(numbers(21), 300, [kind], FROM + 2000))
  const expected: unknown[] = []
  for (const s of searches) expected.push(await answer(local, s))
  await local.close()

  const lines: string[] = []
  const head = await startHead({ ...options, limits: { sharedEvents: 50 }, log: (line) => lines.push(line) })
  try {
    for (const [k, s] of searches.entries()) expect(await answer(head, s)).toEqual(expected[k])
    // Four at a time: the second thread is taken away from whom it helps.
    for (let k = 0; k < searches.length; k += 4)
      expect(await Promise.all(searches.slice(k, k + 4).map((s) => answer(head, s)))).toEqual(expected.slice(k, k + 4))
    expect(lines).toEqual([])
  } finally {
    await head.close()
  }
})
