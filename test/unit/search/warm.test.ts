import type { Cell, IncomingEvent, SearchRequest } from '../../../search/head'
import type { Limits } from '../../../search/limits'
import { LocalHead } from '../../../search/local-head'
import { searchRequest } from '../../support/search-request'

const FROM = 1_700_000_000

const heads: LocalHead[] = []
afterEach(async () => {
  for (const h of heads.splice(0)) await h.close()
})
/** Blocks of eight events; fields are kept of every scan. */
const newHead = (limits: Partial<Limits> = {}) =>
  new LocalHead({ limits: { sharedEvents: 1, ...limits }, store: { blockEvents: 8 }, log: (text) => lines.push(text) })
function warmHead(limits?: Partial<Limits>): LocalHead {
  const head = newHead(limits)
  heads.push(head)
  return head
}
const lines: string[] = []
beforeEach(() => lines.splice(0))
async function ran(head: LocalHead, search: string, more: Partial<SearchRequest> = {}) {
  const job = await head.start(searchRequest(search, more))
  const status = await job.finished()
  const { fields, rows } = await job.rows({ kind: 'results', offset: 0, count: 0 })
  return { job, status, fields, rows: rows as readonly (readonly Cell[])[] }
}

/** The n-th event of a source: those of all sources follow one another, so that the blocks of all of them lie over the same times. */
const event = (i: number, sources: number): IncomingEvent => ({
  index: 'main',
  time: FROM + i,
  host: `h${i % 3}`,
  source: `s${i % sources}`,
  sourcetype: 't',
  raw: `n=${i} code=${i % 5} user=u${i % 7} ${'and so on '.repeat(20)}`,
})
const events = (count: number, sources: number) => Array.from({ length: count }, (_, i) => event(i, sources))
const counted = (values: readonly (string | number)[]) => {
  const counts = new Map<string, number>()
  for (const v of values) counts.set(String(v), (counts.get(String(v)) ?? 0) + 1)
  return [...counts].sort().map(([v, n]) => [v, String(n)])
}

describe('a search over fields of which some are kept and some are not', () => {
  it('is run again with all texts', async () => {
    const head = warmHead()
    await head.ingest(events(128, 1))
    expect((await ran(head, 'search * | stats count by code')).rows).toEqual(counted(events(128, 1).map((_e, i) => i % 5)))
    const { status, rows } = await ran(head, 'search * | stats dc(n) by code, user')
    expect(status).toMatchObject({ state: 'DONE', eventCount: 128, scanCount: 128, messages: [] })
    expect(rows).toHaveLength(35)
    expect(lines).toEqual([])
  })

  it('keeps its events once', async () => {
    const head = warmHead({ events: 20 })
    await head.ingest(events(128, 1))
    const page = { echo: { status_buckets: '300' } }
    for (const search of ['stats count by code', 'stats count by code', 'stats dc(n) by code user', 'stats count by code user']) {
      const { job, status } = await ran(head, `search * | ${search}`, page)
      const kept = await job.rows({ kind: 'events', offset: 0, count: 0, fields: ['n', '_raw'] })
      expect([search, status.state, status.eventAvailableCount]).toEqual([search, 'DONE', 20])
      const numbers = kept.rows.map((r) => Number(r[kept.fields.indexOf('n')]))
      expect(new Set(numbers).size).toBe(20)
      for (const [row, n] of numbers.entries()) expect(kept.rows[row]![kept.fields.indexOf('_raw')]).toBe(event(n, 1).raw)
    }
  })

  it('counts the same however often it is run', async () => {
    const head = warmHead()
    await head.ingest(events(200, 2))
    for (const search of [
      'search source=s0 n=4* | stats count by code',
      'search u3 n>20 | stats count by user',
      'search s1 | stats count',
    ]) {
      const first = (await ran(head, search)).status
      for (let i = 0; i < 2; i++) expect((await ran(head, search)).status).toMatchObject({ eventCount: first.eventCount, state: 'DONE' })
    }
  })
})

it('blocks that are read as one have the fields of each: those of the text, of the index and of the clock', async () => {
  const head = warmHead()
  const COUNT = 200
  const texts = Array.from(
    { length: COUNT },
    (_, i) => `2023-11-14 ${String(i % 24).padStart(2, '0')}:00:00 n=${i}${'\nline'.repeat(i % 3)}`,
  )
  await head.ingest(
    texts.map((raw, i) => ({
      time: undefined,
      index: 'main',
      host: `h${i % 3}`,
      source: 's',
      sourcetype: 't',
      raw,
      ...(i % 5 === 0 && { fields: { k: `k${i}` } }),
    })),
  )
  for (let run = 0; run < 3; run++) {
    const { rows } = await ran(head, 'search * | stats values(date_hour) values(linecount) values(k) values(host) values(_raw) by n')
    const found = new Map(rows.map(([n, ...values]) => [Number(n), values]))
    expect(found.size).toBe(COUNT)
    for (const [i, raw] of texts.entries())
      expect(found.get(i)).toEqual([String(i % 24), String(1 + (i % 3)), i % 5 === 0 ? `k${i}` : null, `h${i % 3}`, raw])
    const some = await ran(head, 'search n=1* | stats count by date_hour')
    expect(some.rows.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(texts.filter((_t, i) => String(i).startsWith('1')).length)
  }
})

describe('more blocks at a time than texts are held of', () => {
  const SOURCES = 48
  const COUNT = SOURCES * 16
  let head: LocalHead
  beforeAll(async () => {
    head = newHead()
    await head.ingest(events(COUNT, SOURCES))
  })
  afterAll(() => head.close())
  const latestFirst = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i)

  it.each(['| head 5000', '', '| sort 0 -_time', '| search n=*', '| eval x=_raw'])(
    'are merged with the texts of each: %s',
    async (stages) => {
      const { fields, rows } = await ran(head, `search * ${stages} | table n user source _raw`)
      expect(fields).toEqual(['n', 'user', 'source', '_raw'])
      expect(rows).toEqual(latestFirst.map((i) => [String(i), `u${i % 7}`, `s${i % SOURCES}`, event(i, SOURCES).raw]))
    },
  )

  it('are extracted from, each in its turn', async () => {
    const { rows } = await ran(head, 'search * | stats values(n) as n latest(_raw) as raw by source')
    expect(rows).toHaveLength(SOURCES)
    for (const [source, n, raw] of rows) {
      const own = latestFirst.filter((i) => `s${i % SOURCES}` === source)
      expect([...(n as string[])].sort()).toEqual(own.map(String).sort())
      expect(raw).toBe(event(own[0]!, SOURCES).raw)
    }
  })

  it('are read by many searches at once', async () => {
    const asked = Array.from({ length: 12 }, (_, k) => `search code=${k % 5} user=u${k % 7} | table n _raw`)
    const found = await head.many(
      asked.map((s) => searchRequest(s)),
      { rows: COUNT },
    )
    for (const [k, { rows }] of found.entries())
      expect(rows.rows).toEqual(
        latestFirst.filter((i) => i % 5 === k % 5 && i % 7 === k % 7).map((i) => [String(i), event(i, SOURCES).raw]),
      )
  })

  it('are read by searches that run side by side', async () => {
    const asked = [
      'table n _raw',
      'stats count by code',
      'sort 0 n | table n _raw',
      'stats values(user) by source',
      'stats dc(_raw) by host',
    ]
    const alone = []
    for (const s of asked) alone.push((await ran(head, `search * | ${s}`)).rows)
    const together = await Promise.all(asked.map(async (s) => (await ran(head, `search * | ${s}`)).rows))
    expect(together).toEqual(alone)
  })
})
