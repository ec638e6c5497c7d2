import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { executeSearch } from '../../../search/execute'
import type { Rows } from '../../../search/head'
import { remoteScan } from '../../../search/hearing'
import { COMMAND, CONTROL, type JobMessage, newControl } from '../../../search/jobs/message'
import { joined, tableOf } from '../../../search/jobs/rows'
import { LIMITS } from '../../../search/limits'
import { loadLanguage } from '../../../search/load-language'
import { LocalHead } from '../../../search/local-head'
import { type FromHelper, type Helper, runShare, type ScanShare, SHARE } from '../../../search/share'
import { alive, type Batch } from '../../../spl/batch/batch'
import { openReader, type SqliteReader } from '../../../storage/backends/sqlite/reader'
import { searchRequest } from '../../support/search-request'
import { caseKnowledge } from '../../support/spec-store'

const FROM = 1_700_000_000
const COUNT = 3000
const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
const db = join(folder, 'db')
const language = loadLanguage()
const knowledge = caseKnowledge({ search: '', expect: { rows: [] } } as never)
let readers: SqliteReader[]

/** Six sources over the same times, seven events a second; the last seconds lie in no block. */
beforeAll(async () => {
  const event = (i: number) => ({
    index: i % 11 === 0 ? 'other' : 'main',
    time: FROM + Math.floor(i / 7),
    host: `h${(i * i) % 13}`,
    source: `s${i % 6}`,
    sourcetype: 't',
    raw: `n=${i} code=${i % 5}${i % 3 ? ` user=u${i % 17}` : ''} ${i % 97 === 0 ? 'rare ' : ''}list=a list=b`,
  })
  const head = new LocalHead({ db, store: { blockEvents: 8 } })
  await head.createIndex('other')
  await head.ingest(Array.from({ length: COUNT }, (_, i) => event(i)))
  await head.close()
  readers = [await openReader({ dir: db, server: 'headstand' }), await openReader({ dir: db, server: 'headstand' })]
})
afterAll(async () => {
  for (const r of readers) await r.close()
  rmSync(folder, { recursive: true })
})

interface Ran {
  readonly rows: Rows
  readonly end: JobMessage
  readonly counted: { readonly scanCount: number; readonly eventCount: number }
  readonly share: ScanShare | undefined
  /** What the helper said. */
  readonly said: readonly FromHelper[]
}
/** Who helps; undefined: the port is closed as when no thread is idle. */
type Help = ((share: ScanShare, h: Helper) => Promise<void>) | undefined

/** Runs a search in two parts that take turns on this thread. @param help  'none': one part */
async function ran(search: string, help: Help | 'none' = runShare, heard: (m: FromHelper, s: ScanShare) => void = () => {}): Promise<Ran> {
  const tables: Rows[] = []
  const said: FromHelper[] = []
  const words = newControl()
  let end: JobMessage | undefined
  let counted = { scanCount: 0, eventCount: 0 }
  let share: ScanShare | undefined
  let helping: Promise<void> | undefined
  const remote = (s: ScanShare) => {
    share = structuredClone(s)
    const { port1, port2 } = new MessageChannel()
    const send = (m: FromHelper, transfer: readonly ArrayBuffer[] = []) => {
      heard(m, s)
      said.push(m)
      port2.postMessage(m, [...transfer])
    }
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
    if (typeof help === 'function')
      helping = help(share, { language, knowledge, reader: async () => readers[1]!, send, turn, log: (text) => lines.push(text) }).then(
        () => port2.close(),
      )
    else port2.close()
    return remoteScan(port1)
  }
  await executeSearch(
    {
      sid: 'divided',
      request: searchRequest(search),
      now: FROM + COUNT,
      language,
      knowledge,
      reader: readers[0],
      indexes: ['main', 'other'],
      serverName: 'headstand',
      guid: '',
      limits: { ...LIMITS, batchRows: 64, events: 0, sharedEvents: help === 'none' ? Number.POSITIVE_INFINITY : 1 },
      words,
      sink: { write: async (_spool, b: Batch) => void tables.push(tableOf(b, 0, alive(b))), close: async () => {} },
      share: remote,
      send: (m) => {
        if (m.type === 'progress') counted = m
        end = m
      },
    },
    (text) => lines.push(text),
  )
  await helping
  return { rows: tables.length === 0 ? { fields: [], rows: [] } : joined(tables), end: end!, counted, share, said }
}
const lines: string[] = []
beforeEach(() => lines.splice(0))

const ENDS = [
  '',
  '| table _time n user source index',
  '| dedup host',
  '| dedup 2 user keepempty=true | table n user',
  '| dedup source consecutive=true | table n source',
  '| head 500 | table n',
  '| head (n>700) keeplast=true | table n',
  '| tail 7',
  '| reverse | table n',
  '| stats first(n) last(n) list(code) by source',
  '| stats first(user) last(user) earliest(n) latest(n) count',
  '| streamstats count as k last(n) as m by host | table n k m',
  '| streamstats window=3 sum(n) as s | stats sum(s) max(s)',
  '| mvexpand list | table n list',
  '| eventstats count as k by user | stats sum(k) by user',
  '| eval r=random() | stats first(r) sum(r) by code',
  '| delta n AS d | stats sum(d) count',
  '| sort 20 user | table n user',
]
const FILTERS = ['index=* ', 'index=* code=3 ', 'index=main user=u1* ', `earliest=${FROM + 40} latest=${FROM + 301} `]

describe('a scan in two parts gives what one gives', () => {
  it.each(ENDS.map((end, i) => [end, [FILTERS[i % 4]!, FILTERS[(i + 1) % 4]!]] as const))('%s', async (end, filters) => {
    for (const filter of filters) {
      const search = `search ${filter}${end}`
      const one = await ran(search, 'none')
      const two = await ran(search)
      expect(one.end).toMatchObject({ type: 'done' })
      expect([two.end, two.rows]).toEqual([one.end, one.rows])
      const { scanCount, eventCount } = one.counted
      if (!end.includes('head')) expect(two.counted).toMatchObject({ scanCount, eventCount })
      expect(two.said.some((m) => 'rows' in m || 'state' in m)).toBe(true)
    }
    expect(lines).toEqual([])
  })

  it('but where most rows are dropped after they were sent with all their fields', async () => {
    expect((await ran('search index=* | dedup source consecutive=true')).share).toBeUndefined()
  })
})

const ALL = 'search index=* | table n'
const bounds = (r: Ran) => r.said.filter((m) => 'bound' in m).length
const rows = (r: Ran) => r.said.filter((m) => 'rows' in m).length

it('both parts take tasks until none is left', async () => {
  const r = await ran(ALL)
  const { tasks, words } = r.share!
  expect(tasks.length).toBeGreaterThan(20)
  expect(Atomics.load(words, SHARE.next)).toBeGreaterThanOrEqual(tasks.length)
  expect(bounds(r)).toBeGreaterThan(3)
  expect(bounds(r)).toBeLessThan(tasks.length - 3)
  expect(Atomics.load(words, SHARE.taken)).toBe(rows(r))
})

describe('the owner does all', () => {
  it('when no thread is idle', async () => {
    expect((await ran(ALL, undefined)).rows).toEqual((await ran(ALL, 'none')).rows)
  })
  it('when the thread never begins', async () => {
    const r = await ran(ALL, async () => {})
    expect([r.end, r.rows]).toEqual([{ type: 'done', finalized: false }, (await ran(ALL, 'none')).rows])
  })
  it('that is left when the thread is wanted elsewhere', async () => {
    const r = await ran(ALL, runShare, (_m, s) => Atomics.store(s.words, SHARE.yield, 1))
    expect(r.rows).toEqual((await ran(ALL, 'none')).rows)
    expect(bounds(r)).toBe(2)
  })
})

describe('a helper ends', () => {
  const rare = 'search index=* | where n%97=0 | head 8 | table n'
  it('when its owner has rows enough', async () => {
    const r = await ran(rare)
    expect(r.rows).toEqual((await ran(rare, 'none')).rows)
    expect(bounds(r)).toBeGreaterThan(0)
    expect(Atomics.load(r.share!.words, SHARE.next)).toBeLessThan(r.share!.tasks.length)
    expect(Atomics.load(r.share!.words, SHARE.stop)).toBe(1)
  })
  it.each([
    ['cancelled', COMMAND.cancel, { type: 'failed', problem: { code: 'cancelled' } }],
    ['finalized', COMMAND.finalize, { type: 'done', finalized: true }],
  ])('when the search is %s', async (_name, command, end) => {
    const r = await ran(ALL, runShare, (m, s) => 'bound' in m && Atomics.store(s.control, CONTROL.command, command))
    expect(r.end).toMatchObject(end)
    expect(Atomics.load(r.share!.words, SHARE.next)).toBeLessThan(r.share!.tasks.length)
  })
})

describe('the search fails', () => {
  it('with what its helper failed with', async () => {
    const r = await ran(ALL, (s, h) => runShare(s, { ...h, reader: () => Promise.reject(new Error('no reader')) }))
    expect(r.end).toMatchObject({ type: 'failed', problem: { code: 'internal' } })
    expect(lines.join()).toContain('no reader')
  })
  it('when its helper is lost', async () => {
    const lost = async (s: ScanShare) => void Atomics.store(s.words, SHARE.state, 1)
    expect((await ran(ALL, lost)).end).toMatchObject({ type: 'failed', problem: { code: 'internal' } })
    expect(lines.join()).toContain('the thread that helped was lost')
  })
})
