import type { EngineHead } from '../../search/engine-head'
import type { Job } from '../../search/head'
import { codes, column, events, healthy, killEngine, ran, request, startHead, until } from './engine-head'

jest.setTimeout(60_000)

/** Backtracks for ever over a text that does not fit. */
const EVIL = '^(a+)+$'
const evil = (rest: string) => `| makeresults | eval x="${'a'.repeat(40)}!" | ${rest}`
/** Gives rows for minutes; obeys. */
const ENDLESS = '| makeresults count=50000 | eval n=mvrange(0,1000) | mvexpand n | eval y=n."-".random()'
const all = { maxCount: 0 }

let head: EngineHead
let lines: string[] = []
beforeAll(async () => {
  head = await startHead({ limits: { regexMilliseconds: 200, memoryBytes: 50_000_000 }, log: (line) => lines.push(line) })
  await head.ingest(events(Array.from({ length: 2000 }, (_, i) => `event number ${i}`)))
})
afterAll(() => head?.close())
beforeEach(() => {
  lines = []
})

const running = (job: Job) => until(() => job.status().state === 'RUNNING')
const begun = async (search: string): Promise<Job> => {
  const job = await head.start(request(search, all))
  await running(job)
  return job
}

test('what the store holds is told by the worker that runs the search', async () => {
  const first = async (search: string) => {
    const { fields, rows } = await (await ran(head, search)).job.rows({ kind: 'results', offset: 0, count: 1 })
    return Object.fromEntries(fields.map((f, i) => [f, rows[0]?.[i]]))
  }
  expect(await first('| eventcount')).toEqual({ count: '2000' })
  expect(await first('| metadata type=hosts')).toMatchObject({ host: 'h', totalCount: '2000' })
  expect(await first('| dbinspect')).toMatchObject({ eventCount: '2000', guId: head.guid, state: 'hot' })
  expect(await first('| walklex index=main type=term prefix=num')).toMatchObject({ term: 'number', count: '2000' })
  expect(await first('| typeahead prefix=num count=1')).toMatchObject({ content: 'number' })
})

describe('patterns that backtrack without end', () => {
  it.each([
    ['regex', evil(`regex x="${EVIL}"`)],
    ['match', evil(`eval y=if(match(x,"${EVIL}"),1,0)`)],
    ['replace', evil(`eval y=replace(x,"${EVIL}","b")`)],
    ['rex', evil('rex field=x "^(?<y>(a+)+)$"')],
    ['rex mode=sed', evil(`rex field=x mode=sed "s/${EVIL}/b/"`)],
    ['of wildcards as a regex', evil('regex x=".*a.*a.*a.*a.*a.*a.*a.*a.*a.*a.*b"')],
  ])('fail the search: %s', async (_name, search) => {
    const { status } = await ran(head, search)
    expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'FAILED', codes: ['regex-limit'] })
  })

  it.each([
    ['search', evil('search x=*a*a*a*a*a*a*a*a*a*a*b')],
    ['search over events', 'search index=main *e*e*e*e*e*e*e*e*e*ez'],
    ['like', evil('where like(x,"%a%a%a%a%a%a%a%a%a%a%a%a%b")')],
    ['like with single characters', evil('where x LIKE "%a_%a_%a_%a_%a_%a_%a_%a_%b"')],
    ['replace with wildcards', evil('replace *a*a*a*a*a*a*a*a*a*a*b WITH b IN x | where x="b"')],
    ['rename', evil('rename *_*_*_*_*_*_*_*_*_*z AS *b*b*b*b*b*b*b*b*b*b | where isnull(x)')],
  ])('of stars are no regexes: %s', async (_name, search) => {
    const { status } = await ran(head, search)
    expect({ state: status.state, codes: codes(status), rows: status.resultCount }).toEqual({ state: 'DONE', codes: [], rows: 0 })
  })
})

describe('searches that want too much', () => {
  it.each([
    ['lists', '| makeresults count=50000 | eval n=random()%1000 | eval x=mvrange(n,n+10000) | eval y=mvcount(x) | where y=1'],
    ['groups of lists', '| makeresults count=50000 | streamstats count AS n | eval x=mvrange(n*10000,n*10000+10000) | stats count by x'],
    ['groups', '| makeresults count=50000 | streamstats count AS n | eval x=mvrange(n*500,n*500+500) | stats count by x'],
    ['rows', '| makeresults count=50000 | eval x=mvrange(0,100) | mvexpand x | eval y=sha512(tostring(random())), z=y.y.y | sort 0 y'],
    ['texts', `| makeresults count=50000 | eval s=md5(tostring(random()))${' | eval s=s.s'.repeat(30)}`],
  ])('fail with a message, and others go on: %s', async (_name, search) => {
    const pid = head.enginePid
    const job = await head.start(request(search, all))
    const other = await ran(head, '| makeresults count=2000 | eval y=md5(tostring(random())) | where y!=""')
    expect(other.status).toMatchObject({ state: 'DONE', resultCount: 2000 })
    const status = await job.finished()
    expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'FAILED', codes: ['memory-limit'] })
    expect((await ran(head, 'search index=main')).status.resultCount).toBe(2000)
    expect(head.enginePid).toBe(pid)
  })

  it('are stopped at their time', async () => {
    const { status } = await ran(head, ENDLESS, { maxCount: 0, maxTimeSeconds: 0.3 })
    expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'FAILED', codes: ['time-limit'] })
  })

  it('are stopped at their time while paused', async () => {
    const job = await head.start(request(ENDLESS, { maxCount: 0, maxTimeSeconds: 0.5 }))
    await job.control({ action: 'pause' })
    expect(codes(await job.finished())).toEqual(['time-limit'])
    expect(head.healthy()).toBe(true)
  })
})

describe('commands', () => {
  it('cancel what runs and what waits', async () => {
    const jobs = await Promise.all(Array.from({ length: 20 }, () => head.start(request(ENDLESS, all))))
    await until(() => jobs.some((j) => j.status().state === 'RUNNING'))
    expect(jobs.filter((j) => j.status().state === 'QUEUED').length).toBeGreaterThan(10)
    for (const j of jobs) await j.control({ action: 'cancel' })
    for (const j of jobs) {
      expect(codes(await j.finished())).toContain('cancelled')
      expect(head.job(j.sid)).toBeUndefined()
      await expect(j.rows({ kind: 'results', offset: 0, count: 1 })).rejects.toMatchObject({ problem: { code: 'job-gone' } })
    }
    expect((await ran(head, '| makeresults')).status.state).toBe('DONE')
    expect(lines).toEqual([])
  })

  it('cancel as soon as the search is there', async () => {
    const pid = head.enginePid
    for (let i = 0; i < 20; i++) await (await head.start(request(ENDLESS, all))).control({ action: 'cancel' })
    expect((await ran(head, '| makeresults')).status.state).toBe('DONE')
    expect(head.enginePid).toBe(pid)
  })

  it('finalize: the rows so far are the result', async () => {
    const job = await begun(ENDLESS)
    await until(() => job.status().resultCount > 0)
    await job.control({ action: 'finalize' })
    // Nothing sets it going again.
    await job.control({ action: 'pause' })
    const status = await job.finished()
    expect({ state: status.state, finalized: status.isFinalized, codes: codes(status) }).toEqual({
      state: 'DONE',
      finalized: true,
      codes: [],
    })
    const page = await job.rows({ kind: 'results', offset: status.resultCount - 1, count: 5 })
    expect(page.rows).toHaveLength(1)
  })

  it('pause, and go on', async () => {
    const job = await begun(ENDLESS)
    await job.control({ action: 'pause' })
    await until(() => job.status().state === 'PAUSED')
    // One that is paused takes no place from others.
    const second = await begun(ENDLESS)
    await second.control({ action: 'pause' })
    await until(() => second.status().state === 'PAUSED')
    expect((await ran(head, '| makeresults')).status.state).toBe('DONE')
    const { resultCount } = job.status()
    await job.control({ action: 'unpause' })
    await until(() => job.status().resultCount > resultCount)
    expect(job.status().state).toBe('RUNNING')
    for (const j of [job, second]) await j.control({ action: 'cancel' })
  })

  it('reach a search whose engine is being replaced', async () => {
    const finalized = await begun(ENDLESS)
    const cancelled = await begun(ENDLESS)
    killEngine(head)
    await until(() => !head.healthy())
    await finalized.control({ action: 'finalize' })
    await cancelled.control({ action: 'cancel' })
    const status = await finalized.finished()
    expect({ state: status.state, finalized: status.isFinalized }).toEqual({ state: 'DONE', finalized: true })
    await healthy(head)
    expect(head.jobs()).not.toContain(cancelled)
  })
})

it('gives a sid to the search that asks for it last', async () => {
  const first = await head.start(request(ENDLESS, { ...all, id: '..' }))
  const second = await ran(head, '| makeresults count=3', { id: '..' })
  expect(codes(first.status())).toEqual(['cancelled'])
  expect(second.status.resultCount).toBe(3)
  expect(head.job('..')).toBe(second.job)
  await first.control({ action: 'cancel' })
  expect(head.job('..')).toBe(second.job)
})

it('streams what is there, and ends with the job', async () => {
  const job = await head.start(request('search index=main number', all))
  const seen: string[] = []
  for await (const { fields, rows } of job.stream({ kind: 'results', offset: 5, fields: ['_raw'] }))
    seen.push(...rows.map((r) => String(r[fields.indexOf('_raw')])))
  expect(seen).toEqual((await column(job, '_raw')).slice(5))
  expect(seen).toHaveLength(1995)
})
