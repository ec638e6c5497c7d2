import { existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Rows, SearchRequest } from '../../../search/head'
import { LocalHead } from '../../../search/local-head'
import { searchRequest } from '../../support/search-request'

/** What the commands that ask for the store's own facts do where a spec case cannot reach: roles, times, damage, ways to run. */
let folder: string
let db: string
let head: LocalHead
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-facts-'))
  db = join(folder, 'db')
  head = new LocalHead({ db, now: 1_700_100_000 })
})
afterEach(async () => {
  await head.close()
  rmSync(folder, { recursive: true })
})
const records = ({ fields, rows }: Rows) => rows.map((row) => Object.fromEntries(fields.map((f, i) => [f, row[i]])))
async function ran(search: string, more?: Partial<SearchRequest>) {
  const job = await head.start(searchRequest(search, more))
  const { state, messages } = await job.finished()
  return { state, messages: messages.map((m) => m.code), rows: records(await job.rows({ kind: 'results', offset: 0, count: 0 })) }
}
const put = (...events: readonly (readonly [index: string, time: number, raw: string, host?: string])[]) =>
  head.ingest(events.map(([index, time, raw, host = 'h']) => ({ index, time, raw, host, source: 's', sourcetype: 't' })))
const two = async () => {
  await head.createIndex('web')
  await put(['main', 1_700_000_000, 'early words', 'old'], ['main', 1_700_010_000, 'late words', 'new'], ['web', 1_700_000_000, 'page'])
}

test('the store is opened for those that ask it, and for no other', async () => {
  await ran('| makeresults')
  expect(existsSync(db)).toBe(false)
  expect((await ran('| eventcount')).rows).toEqual([{ count: '0' }])
  expect(existsSync(db)).toBe(true)
})

test('indexes that a role may not see are not there', async () => {
  await two()
  const role = { indexesAllowed: ['web'], indexesDefault: ['main'] }
  expect((await ran('| eventcount summarize=f index=*', role)).rows).toEqual([{ count: '1', index: 'web', server: 'headstand' }])
  for (const nothing of [
    '| eventcount index=main | where count>0',
    '| metadata type=hosts index=main',
    '| metadata type=hosts',
    '| dbinspect index=main',
    '| dbinspect index=main corruptonly=t',
    '| walklex index=main',
    '| typeahead prefix=wor count=9 index=main',
    '| typeahead prefix="index=m" count=9',
  ])
    expect([nothing, (await ran(nothing, role)).rows]).toEqual([nothing, []])
  expect((await ran('| walklex index=* type=term | fields term', role)).rows).toEqual([{ term: 'page' }])
})

test('a block whose events all lie outside the time range has no terms in it', async () => {
  await two()
  await head.close()
  head = new LocalHead({ db, now: 1_700_100_000 })
  const between = { earliest: '1700000001', latest: '1700009999' }
  expect(await ran('| walklex index=main type=term', between)).toMatchObject({ state: 'DONE', rows: [] })
})

test('the time range: of events for metadata and walklex, of buckets for dbinspect, of nothing for eventcount', async () => {
  await two()
  const late = { earliest: '1700005000', latest: '1700050000' }
  expect((await ran('| metadata type=hosts | fields host', late)).rows).toEqual([{ host: 'new' }])
  expect((await ran('| walklex index=main type=term | fields term', late)).rows).toEqual([{ term: 'late' }, { term: 'words' }])
  expect((await ran('| dbinspect index=* | fields index eventCount', late)).rows).toEqual([{ index: 'main', eventCount: '2' }])
  expect((await ran('| eventcount index=*', late)).rows).toEqual([{ count: '3' }])
})

test('many searches at once have the same rows', async () => {
  await two()
  const searches = ['| eventcount', '| metadata type=hosts | fields host', '| walklex index=main type=term prefix=w']
  const many = await head.many(
    searches.map((s) => searchRequest(s)),
    { rows: 10 },
  )
  for (const [i, s] of searches.entries()) expect(records(many[i]!.rows)).toEqual((await ran(s)).rows)
})

test('a damaged bucket is named, by what was set aside and by a look through the others', async () => {
  await two()
  await put(...Array.from({ length: 2000 }, (_, i) => ['web', 1_700_000_000 + i, `page ${i} ${'x'.repeat(100)}`] as const))
  const { path, ...bucket } = (await ran('| dbinspect index=web | fields bucketId guId id path')).rows[0]! as Record<string, string>
  expect((await ran('| dbinspect index=* corruptonly=t')).rows).toEqual([])
  // What is still in the write-ahead log is put into the files when they are opened again.
  for (let i = 0; i < 2; i++) {
    await head.close()
    head = new LocalHead({ db })
    await ran('| eventcount')
  }
  await head.close()
  scribble(join(db, 'main', '0.db'), 0)
  scribble(path!, statSync(path!).size - 30_000)
  head = new LocalHead({ db })
  const { rows, messages } = await ran('| dbinspect index=* corruptonly=t | fields corruptReason id index path')
  expect(messages).toEqual(['dbinspect-checks'])
  expect(rows).toEqual([
    { corruptReason: 'It was found damaged and set aside.', id: '0', index: 'main', path: expect.stringMatching(/main.0\.db\.damaged$/) },
    { corruptReason: 'Its pages cannot be read or do not fit each other.', id: '0', index: 'web', path },
  ])
  expect(bucket).toMatchObject({ id: '0', bucketId: `web~0~${bucket.guId}` })
  expect((await ran('| dbinspect index=main')).rows).toEqual([])
})

function scribble(path: string, at: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(25_000, 0x5a), 0, 25_000, at)
}
