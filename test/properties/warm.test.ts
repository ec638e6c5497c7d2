import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { LocalHead } from '../../search/local-head'
import { searchRequest } from '../support/search-request'
import { ENDS, FILTERS, KINDS, type Kind, numbers, warmApps, warmEvents } from '../support/warm-events'

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))
const apps = warmApps(folder)
const NOW = 1_700_010_000

/** What a search answers, as it can be compared. */
async function answer(head: LocalHead, search: string, app: string) {
  const job = await head.start(searchRequest(search, { app }))
  const { state, eventCount, messages } = await job.finished()
  const { fields, rows } = await job.rows({ kind: 'results', offset: 0, count: 0 })
  return { state, eventCount, messages: messages.map((m) => m.message).sort(), fields, rows }
}

const open = (db: string, sharedEvents: number) =>
  new LocalHead({ db, appFolders: apps, now: NOW, limits: { sharedEvents }, store: { blockEvents: 8 } })

const search = fc.record({
  filter: fc.nat(FILTERS.length - 1),
  end: fc.nat(ENDS.length - 1),
  app: fc.constantFrom('warm_one', 'warm_two'),
  times: fc.integer({ min: 1, max: 3 }),
})
const kinds = fc.uniqueArray(fc.constantFrom(...(Object.keys(KINDS) as Kind[])), { minLength: 1, maxLength: 5 })

let run = 0
test('a head that has kept what it read, tested and extracted answers as one that has kept nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      kinds,
      fc.array(search, { minLength: 4, maxLength: 8 }),
      fc.nat(400),
      async (seed, of, searches, later) => {
        const db = join(folder, `db${run++}`)
        const next = numbers(seed)
        const first = open(db, 1)
        await first.createIndex('other')
        await first.ingest(warmEvents(next, 420, of))
        await first.close()
        const warm = open(db, 1)
        try {
          for (const half of [0, 1]) {
            // More blocks, and events in none, arrive between two searches.
            if (half === 1) await warm.ingest(warmEvents(next, later, of, 1_700_000_300))
            const copy = `${db}-${half}`
            cpSync(db, copy, { recursive: true, filter: (f) => !f.endsWith('lock') })
            for (const s of searches) {
              const text = `search ${FILTERS[s.filter]} | ${ENDS[s.end]}`
              const cold = open(copy, Number.POSITIVE_INFINITY)
              const expected = await answer(cold, text, s.app)
              await cold.close()
              for (let i = 0; i < s.times; i++) expect([text, await answer(warm, text, s.app)]).toEqual([text, expected])
            }
          }
        } finally {
          await warm.close()
        }
      },
    ),
    // Each run opens a head for each search; RUNS=60 of them take three minutes.
    { numRuns: Number(process.env.RUNS ?? 2) },
  )
})
