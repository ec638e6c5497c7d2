import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineHead } from '../../search/engine-head'
import type { IncomingEvent, SearchHead } from '../../search/head'
import { LocalHead } from '../../search/local-head'
import { codes, ran, request, startHead, until } from './engine-head'

jest.setTimeout(120_000)

const COUNT = 100_000
const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
const db = join(folder, 'db')
const more = { maxCount: 0, preview: false }
const lines: string[] = []
let head: EngineHead
let expected: Map<string, unknown>

/** Five sources over the same times, nine events a second. */
const event = (i: number): IncomingEvent => ({
  index: 'main',
  time: 1_700_000_000 + Math.floor(i / 9),
  host: `h${(i * i) % 31}`,
  source: `s${i % 5}`,
  sourcetype: 't',
  raw: `n=${i} code=${i % 7}${i % 3 ? ` user=u${i % 101}` : ''}`,
})
async function answer(on: SearchHead, search: string): Promise<unknown> {
  const job = await on.start(request(search, more))
  const { state, messages } = await job.finished()
  return { state, messages, rows: await job.rows({ kind: 'results', offset: 0, count: 0 }) }
}

const SEARCHES = [
  'search code=3',
  'search code=3 | table n user source',
  'search n=* | dedup host user',
  'search n=* | where n%8000=0 | head 5',
  'search n=* | head 30000 | stats sum(n)',
  'search n=* | streamstats count as k by host | where k%500=0 | table n k',
  'search n=* | stats first(n) last(n) first(user) by source',
  'search user=u1* | stats list(n) by host',
  'search n=* | table n user | tail 20',
  'search code=6 | reverse | table n',
]

beforeAll(async () => {
  const local = new LocalHead({ db, limits: { sharedEvents: Number.POSITIVE_INFINITY } })
  for (let from = 0; from < COUNT; from += 10_000) await local.ingest(Array.from({ length: 10_000 }, (_, k) => event(from + k)))
  expected = new Map()
  for (const s of SEARCHES) expected.set(s, await answer(local, s))
  await local.close()
  head = await startHead({ db, log: (line) => lines.push(line) })
})
afterAll(async () => {
  await head?.close()
  rmSync(folder, { recursive: true })
})

it.each(SEARCHES)('two threads give what one gives: %s', async (search) => {
  for (let run = 0; run < 2; run++) expect(await answer(head, search)).toEqual(expected.get(search))
  expect(lines).toEqual([])
})

it('searches that take the threads from one another give the same', async () => {
  const answers = await Promise.all(SEARCHES.map((s) => answer(head, s)))
  expect(answers).toEqual([...expected.values()])
  expect(lines).toEqual([])
})

it.each(['cancel', 'finalize'] as const)('%s ends both threads', async (action) => {
  const pid = head.enginePid
  const job = await head.start(request('search n=* | streamstats count as k by n | table n k', more))
  await until(() => job.status().scanCount > 0)
  await job.control({ action })
  const status = await job.finished()
  expect(codes(status)).toEqual(action === 'cancel' ? ['cancelled'] : [])
  const { status: next } = await ran(head, 'search n=* | stats count', more)
  expect([next.state, next.eventCount, head.enginePid]).toEqual(['DONE', COUNT, pid])
  expect(lines).toEqual([])
})
