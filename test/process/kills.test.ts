import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { EngineHead } from '../../search/engine-head'
import { Busy } from '../../search/head'
import { codes, column, events, healthy, killEngine, ran, request, sleep, startHead, startWhenUp, until } from './engine-head'

jest.setTimeout(120_000)

const KILLS = 50
/** Runs about a tenth of a second and gives rows all the while. */
const LONG =
  '| makeresults count=1000 | eval n=mvrange(0,10) | mvexpand n | eval x=random() | where x>=0 | fields x | eval y=md5(tostring(x)) | where y="" OR x%1000=0'
/** Gives rows at once and does not end before the test. */
const ENDLESS = '| makeresults count=50000 | eval n=mvrange(0,1000) | mvexpand n | eval x=md5(tostring(random())) | where x!=""'

describe('an engine that is killed again and again', () => {
  let head: EngineHead
  let db: string
  const lines: string[] = []
  const acknowledged: string[] = []
  const tried = new Set<string>()
  let stop = false

  beforeAll(async () => {
    db = mkdtempSync(join(tmpdir(), 'headstand-kills-'))
    head = await startHead({ db, log: (line) => lines.push(line) })
  })
  afterAll(async () => {
    stop = true
    await head?.close()
    rmSync(db, { recursive: true, force: true })
  })

  /** Brings events one batch after another, as a forwarder would; each text is sent once. */
  async function forward(name: string): Promise<void> {
    for (let n = 0; !stop; n++) {
      const texts = Array.from({ length: 5 }, (_, i) => `2023-11-14T22:13:20Z ${name}-${n}-${i}`)
      for (const t of texts) tried.add(t)
      try {
        if (n % 3 === 0) {
          const writer = await head.raw({ index: 'main', host: 'h', source: 's', sourcetype: 'lines' })
          await writer.write(Buffer.from(`${texts.join('\n')}\n`))
          expect(await writer.end()).toBe(texts.length)
        } else await head.ingest(events(texts))
        acknowledged.push(...texts)
        await sleep(10)
      } catch (e) {
        if (!(e instanceof Busy)) throw e
        await sleep(5)
      }
    }
  }
  /** What a client sees at any moment: an answer, at once. */
  async function ask(): Promise<void> {
    const up = head.healthy()
    for (const j of head.jobs()) j.status()
    if (up) return
    await expect(head.start(request('| makeresults'))).rejects.toThrow(Busy)
  }

  it('answers throughout, loses nothing that it acknowledged, and ends searches that nobody has read', async () => {
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    const forwarders = [forward('a'), forward('b')]
    for (let i = 0; i < KILLS; i++) {
      const job = await startWhenUp(head, i % 2 === 0 ? LONG : 'search index=main')
      const { sid } = job
      await sleep(Math.random() * 120)
      killEngine(head)
      await ask()
      // Some are killed while they start, too.
      if (i % 5 === 0) {
        await until(() => !head.healthy())
        await sleep(Math.random() * 200)
        killEngine(head)
      }
      await until(() => job.status().state === 'DONE' || job.status().state === 'FAILED' || !head.healthy())
      await ask()
      const status = await job.finished()
      expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'DONE', codes: [] })
      expect(head.job(sid)).toBe(job)
    }
    stop = true
    await Promise.all(forwarders)
    delay.disable()
    expect(delay.max / 1e6).toBeLessThan(1000)

    await healthy(head)
    const { job } = await ran(head, 'search index=main', { maxCount: 0 })
    const found = await column(job, '_raw')
    expect(new Set(found).size).toBe(found.length)
    const there = new Set(found)
    expect(acknowledged.filter((t) => !there.has(t))).toEqual([])
    expect(found.filter((t) => !tried.has(t))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(lines.filter((l) => l.includes('ended (signal SIGKILL)')).length).toBeGreaterThanOrEqual(KILLS - 10)
  })

  it('fails a search whose rows were read', async () => {
    await healthy(head)
    const read = await head.start(request(ENDLESS, { maxCount: 0 }))
    const unread = await head.start(request(ENDLESS, { maxCount: 0 }))
    await until(() => read.status().resultCount > 0 && unread.status().resultCount > 0)
    expect((await read.rows({ kind: 'results', offset: 0, count: 1 })).rows).toHaveLength(1)
    killEngine(head)
    const status = await read.finished()
    expect({ state: status.state, codes: codes(status) }).toEqual({ state: 'FAILED', codes: ['engine-lost'] })
    await healthy(head)
    await until(() => unread.status().resultCount > 0)
    expect(unread.log()).toContain('the search starts again')
    await unread.control({ action: 'cancel' })
  })
})
