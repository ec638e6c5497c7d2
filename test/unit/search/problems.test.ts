/** What a case of test/spec/ cannot bring about: limits, cancelling, disks, and parameters of the request. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executeSearch } from '../../../search/execute'
import type { Execution } from '../../../search/execution'
import type { SearchRequest } from '../../../search/head'
import { COMMAND, CONTROL, type JobMessage, newControl } from '../../../search/jobs/message'
import { LIMITS, type Limits } from '../../../search/limits'
import { loadLanguage } from '../../../search/load-language'
import { createSearchHead } from '../../../search/main'
import { fileSink } from '../../../search/sink'
import { language } from '../../../spl/language'
import { command } from '../../../spl/syntax/command'
import { SplProblem } from '../../../spl/text/problem'
import { openStore } from '../../../storage/backends/sqlite/store'
import { searchRequest } from '../../support/search-request'
import { caseKnowledge } from '../../support/spec-store'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-problems-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run extends Partial<Omit<Execution, 'request' | 'limits' | 'send'>> {
  readonly search: string
  readonly request?: Partial<SearchRequest>
  readonly limits?: Partial<Limits>
  /** Where the rows are kept. */
  readonly into?: string
}

/** Codes and texts of what a search is told, its end last; and what the log says. */
async function told({ search, into, request: asked, limits: given, ...rest }: Run) {
  const said: JobMessage[] = []
  const log: string[] = []
  const limits = { ...LIMITS, ...given }
  const send = (m: JobMessage) => void said.push(m)
  await executeSearch(
    {
      sid: 'test',
      request: searchRequest(search, asked),
      now: 1_700_000_000,
      language: loadLanguage(),
      knowledge: caseKnowledge({ id: '', topic: '', source: '', why: '', search, expect: { rows: [] }, file: '' }),
      reader: undefined,
      indexes: [],
      serverName: 'headstand',
      guid: '11111111-1111-1111-1111-111111111111',
      limits,
      words: newControl(),
      sink: fileSink(into ?? folder, limits.diskBytes, send),
      send,
      ...rest,
    },
    (text) => log.push(text),
  )
  const problems = said.flatMap((m) => (m.type === 'message' || m.type === 'failed' ? [m.problem] : []))
  return { codes: problems.map(({ code }) => code), texts: problems.map(({ message }) => message), end: said.at(-1)?.type, log }
}

describe('what ends a search that runs', () => {
  test('nothing was typed', async () => {
    expect((await told({ search: '' })).codes).toEqual(['empty-search'])
  })

  test('it was cancelled', async () => {
    const words = newControl()
    Atomics.store(words, CONTROL.command, COMMAND.cancel)
    expect(await told({ search: '| makeresults', words })).toMatchObject({ codes: ['cancelled'], texts: ['The search was cancelled.'] })
  })

  test('its time is over', async () => {
    const ran = await told({ search: '| makeresults count=50000 | eval x=random()', request: { maxTimeSeconds: 1e-6 } })
    expect(ran).toMatchObject({ codes: ['time-limit'], end: 'failed' })
  })

  test('it holds too much', async () => {
    const ran = await told({ search: '| makeresults count=50000 | eval x=random() | sort 0 x', limits: { memoryBytes: 10_000 } })
    expect(ran).toMatchObject({ codes: ['memory-limit'], end: 'failed' })
  })

  test('a regular expression backtracks without end', async () => {
    const search = `| makeresults | eval x="${'a'.repeat(40)}!" | where match(x, "^(a+)+$")`
    expect(await told({ search, limits: { regexMilliseconds: 20 } })).toMatchObject({ codes: ['regex-limit'], end: 'failed' })
  })

  test('its rows cannot be written', async () => {
    // No folder can be made below a file; few rows would need none.
    writeFileSync(join(folder, 'file'), '')
    const ran = await told({ search: '| makeresults count=1000 | eval x=random()', into: join(folder, 'file', 'nowhere') })
    expect(ran).toMatchObject({ codes: ['spool-failed'], end: 'failed' })
  })

  test('its rows take too much of the disk', async () => {
    expect((await told({ search: '| makeresults count=1000', limits: { diskBytes: 100 } })).codes).toEqual(['disk-limit'])
  })

  test('the store fails', async () => {
    const store = await openStore(join(folder, 'db'))
    await store.append('main', [event], await store.reserve('main', 1))
    await store.close()
    const ran = await told({ search: 'search index=main', reader: store, indexes: ['main'] })
    expect(ran.codes).toEqual(['store-failed'])
    expect(ran.texts.join()).toMatch(/^The event store failed: .* is closed\.$/)
  })

  test('a mistake of ours: the user is told that it was one, the log what it was', async () => {
    const broken = command({
      name: 'broken',
      summary: 'Fails.',
      source: 'this test',
      kind: 'generating',
      syntax: {},
      needs: (_args, after) => after,
      generate: () => {
        throw new Error('a mistake')
      },
      examples: [],
    })
    const ran = await told({ search: '| broken', language: language([broken], [], []) })
    expect(ran.codes).toEqual(['internal'])
    expect(ran.texts.join()).not.toContain('a mistake')
    expect(ran.log.join()).toContain('a mistake')
  })
})

const event = {
  time: 1_700_000_000,
  indexTime: 1_700_000_000,
  host: 'h',
  source: 's',
  sourcetype: 't',
  raw: Buffer.from('a=1'),
}

test('a search with more rows than are kept says so, and is done', async () => {
  const ran = await told({ search: '| makeresults count=5', request: { maxCount: 2 } })
  expect(ran).toMatchObject({ codes: ['results-truncated'], end: 'done' })
})

describe('a head', () => {
  test.each([
    ['a time that cannot be read', { earliest: 'yesterdayish' }, 'bad-time-parameter'],
    ['an end before the beginning', { earliest: '-1h', latest: '-2h' }, 'time-order'],
    ['real time', { earliest: 'rt-5m', latest: 'rt' }, 'realtime-refused'],
  ])('refuses %s before there is a job', async (_what, times, code) => {
    const head = await createSearchHead()
    try {
      await expect(head.start(searchRequest('| makeresults', times))).rejects.toMatchObject({ problem: { code, phase: 'parse' } })
    } finally {
      await head.close()
    }
  })

  test('has no rows of a job that was removed', async () => {
    const head = await createSearchHead()
    try {
      const job = await head.start(searchRequest('| makeresults'))
      await job.finished()
      await job.control({ action: 'cancel' })
      const rows = job.rows({ kind: 'results', offset: 0, count: 0 })
      await expect(rows).rejects.toBeInstanceOf(SplProblem)
      await expect(rows).rejects.toMatchObject({ problem: { code: 'job-gone' } })
    } finally {
      await head.close()
    }
  })
})
