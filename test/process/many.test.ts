import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ManyResult, SearchRequest } from '../../search/head'
import { LocalHead } from '../../search/local-head'
import { ENDS, FROM, numbers, warmApps, warmEvents } from '../support/warm-events'
import { request } from './engine-head'

jest.setTimeout(120_000)

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILTERS = ['*', 'user=* code>1', 'run NOT (failed OR 7)', 'user="no such user"']
const more: Partial<SearchRequest> = { app: 'warm_one', maxCount: 0, now: FROM + 10_000, preview: false }
const searches = FILTERS.flatMap((filter) => ENDS.map((end) => request(`search ${filter} | ${end}`, more)))

/** Runs what ships, and says how many searches other threads have run; one thread is lost on the way where that is wanted. */
const PROGRAM = `
const threads = require('node:worker_threads')
let elsewhere = 0
const [, main, asked] = process.argv
const { options, searches, lose } = JSON.parse(asked)
threads.Worker = class extends threads.Worker {
  constructor(...all) {
    super(...all)
    this.on('message', (m) => {
      if ('result' in m && ++elsewhere === lose) {
        this.removeAllListeners('message')
        this.emit('exit', 1)
      }
    })
  }
}
const { createSearchHead } = require(main)
createSearchHead(options).then(async (head) => {
  const results = await head.many(searches, { rows: 1e6 })
  await head.close()
  process.stdout.write(JSON.stringify({ elsewhere, results }))
})
`

const options = { db: join(folder, 'db'), appFolders: warmApps(folder) }
let expected: readonly ManyResult[]
beforeAll(async () => {
  const alone = new LocalHead(options)
  await alone.createIndex('other')
  await alone.ingest(warmEvents(numbers(22), 2000, ['pairs', 'json', 'indexed', 'sysmon']))
  expected = await alone.many(searches, { rows: 1e6 })
  await alone.close()
})

/** A column without a value may be left out. */
const comparable = (all: readonly ManyResult[]) =>
  all.map(({ state, resultCount, rows: { fields, rows }, messages }, i) => ({
    search: searches[i]!.search,
    state,
    resultCount,
    messages,
    cells: rows.map((row) => Object.fromEntries(fields.flatMap((f, k) => (row[k] === null ? [] : [[f, row[k]]])))),
  }))

test.each(['ends', 'is lost'])('a thread that helps with many searches changes no result when it %s', (how) => {
  const main = join(__dirname, '..', '..', 'dist', 'main.js')
  const asked = { options: { ...options, limits: { sharedEvents: 1000 } }, searches, lose: how === 'ends' ? 0 : 5 }
  const out = execFileSync(process.execPath, ['-e', PROGRAM, main, JSON.stringify(asked)], { maxBuffer: 1 << 28, encoding: 'utf8' })
  const { elsewhere, results } = JSON.parse(out) as { elsewhere: number; results: readonly ManyResult[] }
  expect(elsewhere).toBeGreaterThanOrEqual(5)
  expect(results.filter((r) => r.state === 'DONE' && r.resultCount > 0).length).toBeGreaterThan(10)
  expect(comparable(results)).toEqual(comparable(JSON.parse(JSON.stringify(expected))))
})
