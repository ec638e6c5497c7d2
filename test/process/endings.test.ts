import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineHead, type EngineOptions } from '../../search/engine-head'
import { Busy, type Job } from '../../search/head'
import { createSearchHead } from '../../search/main'
import { codes, column, events, healthy, killEngine, ran, request, sleep, startHead, startWhenUp, until } from './engine-head'

jest.setTimeout(60_000)

const ENDLESS = '| makeresults count=50000 | eval n=mvrange(0,1000) | mvexpand n | eval y=n."-".random()'
/** Does not look at what it is told for many seconds: the values of one batch take so long. */
const DEAF = '| makeresults count=2000 | eval n=random(), x=mvrange(0,1000), y=len(mvjoin(mvmap(x,sha512(sha512(sha512(x.n)))),""))'
const all = { maxCount: 0 }
const isRunning = (job: Job) => until(() => job.status().state === 'RUNNING')

let folder: string
const heads: EngineHead[] = []
/** Closed at the end, whatever the test found. */
async function opened(options: EngineOptions = {}): Promise<EngineHead> {
  const head = await startHead(options)
  heads.push(head)
  return head
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-endings-'))
})
afterEach(async () => {
  await Promise.all(heads.splice(0).map((h) => h.close()))
  rmSync(folder, { recursive: true, force: true })
})

it('replaces the engine of a search that does not obey; the others start again', async () => {
  const lines: string[] = []
  const head = await opened({ log: (line) => lines.push(line) })
  const pid = head.enginePid
  const deaf = await head.start(request(DEAF))
  const other = await head.start(request(ENDLESS, all))
  await isRunning(deaf)
  await isRunning(other)
  // It runs, but may not have come to its batch yet: before that it obeys.
  await sleep(1000)
  await deaf.control({ action: 'cancel' })
  expect(codes(await deaf.finished())).toEqual(['cancelled'])
  await until(() => head.enginePid !== pid && head.healthy())
  expect(lines[0]).toContain('does not stop')
  await until(() => other.status().resultCount > 0)
  await other.control({ action: 'finalize' })
  expect((await other.finished()).state).toBe('DONE')
  expect(other.log()).toContain('starts again')
})

it('replaces an engine that holds too much', async () => {
  const lines: string[] = []
  const head = await opened({ memoryBytes: 1, log: (line) => lines.push(line) })
  const job = await startWhenUp(head, ENDLESS)
  const status = await job.finished()
  expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'FAILED', codes: ['engine-lost'] })
  expect(lines.some((l) => /is replaced: it holds \d+ MB/.test(l))).toBe(true)
})

it('gives up when no engine can be started any more', async () => {
  const lines: string[] = []
  const program = join(folder, 'engine.js')
  // Opens once, then never again.
  writeFileSync(
    program,
    `const { existsSync, writeFileSync } = require('node:fs')
     const once = ${JSON.stringify(join(folder, 'once'))}
     process.on('message', (m) => {
       if (m.ask === 'close') process.exit(0)
       if (existsSync(once)) process.exit(3)
       writeFileSync(once, '')
       process.send({ id: m.id, answer: { indexes: [] } })
     })`,
  )
  const head = await EngineHead.start({ program, restarts: [0, 10, 20], log: (line) => lines.push(line) })
  expect(head.healthy()).toBe(true)
  killEngine(head)
  await until(() => lines.some((l) => l.includes('no other one is started')))
  expect(head.healthy()).toBe(false)
  expect(lines.filter((l) => l.includes('exit code 3'))).toHaveLength(3)
  await expect(head.start(request('| makeresults'))).rejects.toThrow(Busy)
  await head.close()
})

it('says why it cannot start', async () => {
  await expect(EngineHead.start({ program: join(folder, 'nothing.js') })).rejects.toThrow(
    'the engine ended before it was ready (exit code 1)',
  )
})

it('refuses a folder that another process has, and leaves it alone', async () => {
  const head = await opened({ db: folder })
  const { job } = await ran(head, '| makeresults count=3')
  await expect(startHead({ db: folder })).rejects.toMatchObject({ name: 'StoreError', code: 'locked' })
  const local = await createSearchHead({ db: folder })
  expect((await (await local.start(request('| makeresults'))).finished()).state).toBe('DONE')
  await expect(local.start(request('search index=main'))).rejects.toMatchObject({ name: 'StoreError', code: 'locked' })
  await local.close()
  expect((await job.rows({ kind: 'results', offset: 0, count: 0 })).rows).toHaveLength(3)
  await head.close()
})

it('cleans what a crash left, keeps what was acknowledged', async () => {
  const first = await opened({ db: folder })
  await first.ingest(events(['one', 'two']))
  await first.close()
  const left = join(folder, 'dispatch', '17', '1')
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'results'), 'rows')
  const head = await opened({ db: folder })
  expect(readdirSync(join(folder, 'dispatch'))).toEqual([])
  expect(await column((await ran(head, 'search index=main')).job, '_raw')).toEqual(['two', 'one'])
  await head.close()
  expect(existsSync(join(folder, 'dispatch'))).toBe(false)
})

it('ends within 5 s, whatever runs', async () => {
  const head = await opened({ db: folder })
  const jobs = await Promise.all(Array.from({ length: 6 }, () => head.start(request(ENDLESS, all))))
  await isRunning(jobs[0]!)
  const texts = Array.from({ length: 3000 }, (_, i) => `event ${i}`)
  const sent = Array.from({ length: 20 }, (_, k) => head.ingest(events(texts.map((t) => `${t} of ${k}`))))
  const settled = Promise.allSettled(sent)
  const before = performance.now()
  const closing = head.close()
  expect(head.healthy()).toBe(false)
  await expect(head.start(request('| makeresults'))).rejects.toThrow(Busy)
  await closing
  expect(performance.now() - before).toBeLessThan(5000)
  for (const j of jobs) expect(codes(await j.finished())).toContain('cancelled')

  const acknowledged = (await settled).filter((s) => s.status === 'fulfilled').length
  for (const s of await settled) if (s.status === 'rejected') expect(s.reason).toBeInstanceOf(Busy)
  const again = await opened({ db: folder })
  expect((await ran(again, 'search index=main | stats count')).status.eventCount).toBeGreaterThanOrEqual(acknowledged * texts.length)
  await again.close()
})

it('ends while its engine is being replaced', async () => {
  const head = await opened({ db: folder })
  const job = await head.start(request(ENDLESS, all))
  await isRunning(job)
  killEngine(head)
  await until(() => !head.healthy())
  await head.close()
  expect((await job.finished()).state).toBe('FAILED')
  const again = await opened({ db: folder })
  await healthy(again)
  await again.close()
})
