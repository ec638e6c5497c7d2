import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Predicate } from '../../../../spl/expressions/predicate'
import { Connection } from '../../../../storage/backends/sqlite/connection'
import { openStore, type SqliteStore } from '../../../../storage/backends/sqlite/store'
import { TextMissing } from '../../../../storage/event-store'
import { event, found, predicate, put, query, texts } from '../../../contract/event-store'

let dir: string
let store: SqliteStore | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-sqlite-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(dir, { recursive: true })
})
const open = async (options = {}) => (store = await openStore(dir, { durable: false, ...options }))
const closed = async () => {
  await store!.close()
  store = undefined
}
/** What the index file of `main` holds. */
async function counts(): Promise<{ blocks: number; tail: number; terms: number }> {
  const connection = await Connection.open(join(dir, 'main', '0.db'), 'read')
  const row = await connection.get<{ blocks: number; tail: number; terms: number }>(
    'SELECT (SELECT count(*) FROM blk) AS blocks, (SELECT count(*) FROM tail) AS tail, (SELECT count(*) FROM vocab) AS terms',
  )
  await connection.close()
  return row!
}

test('a folder is one process’s: the second is told so, until the first has closed', async () => {
  await open()
  await expect(openStore(dir)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining('is in use by another Headstand process'),
  })
  await closed()
  await open()
})

test.each([
  ['the folder', 'headstand.db'],
  ['an index', 'main/0.db'],
])('%s of a newer version is refused', async (_what, file) => {
  await put(await open(), [event('a')])
  await closed()
  const connection = await Connection.open(join(dir, file), 'write')
  await connection.exec('PRAGMA user_version=99')
  await connection.close()
  await expect(open()).rejects.toMatchObject({ code: 'newer', message: expect.stringContaining('format 99') })
})

test('a damaged file is named and set aside; new events go into a new one', async () => {
  await put(await open(), [event('old')])
  const before = await store!.reserve('main', 1)
  await closed()
  await writeFile(join(dir, 'main', '0.db'), Buffer.alloc(20_000, 'x'))
  expect((await open()).damage).toEqual([expect.stringMatching(/main.0\.db is damaged\. It was set aside as .*0\.db\.damaged/)])
  expect((await put(store!, [event('new')])).stored).toBe(1)
  expect(await found(store!)).toEqual(['new'])
  expect((await store!.reserve('main', 1)).first).toBeGreaterThan(before.first)
  expect((await readdir(join(dir, 'main'))).sort()).toEqual(expect.arrayContaining(['0.db.damaged', '1.db']))
})

test('whole blocks are written at once, the rest waits and is sealed when a block is full, or at the end', async () => {
  await open({ blockEvents: 4, blockBytes: 100 })
  await put(
    store!,
    Array.from({ length: 9 }, (_, i) => event(`a${i}`)),
  )
  expect(await counts()).toEqual({ blocks: 2, tail: 1, terms: 8 })
  await put(store!, [event('b', 1), event('c', 1, { source: 'other' }), event('d', 1)])
  expect(await counts()).toMatchObject({ blocks: 2, tail: 4 })
  await put(store!, [event('e', 1)])
  expect(await counts()).toMatchObject({ blocks: 3, tail: 1 })
  await put(store!, [event('x'.repeat(100), 1)])
  expect(await counts()).toMatchObject({ blocks: 4, tail: 1 })
  await closed()
  expect(await counts()).toMatchObject({ blocks: 5, tail: 0 })
})

test('what waits of an origin is found without a look at what waits of all others', async () => {
  await open({ blockEvents: 3 })
  const sources = Array.from({ length: 40 }, (_, i) => ({ source: `s${i}` }))
  for (const raw of ['a', 'b'])
    await put(
      store!,
      sources.map((of) => event(raw, 1, of)),
    )
  const asked = jest.spyOn(Connection.prototype, 'all')
  await put(store!, [event('c', 1, sources[7])])
  expect(await counts()).toMatchObject({ blocks: 1, tail: 78 })
  await store!.seal()
  expect(await counts()).toMatchObject({ blocks: 40, tail: 0 })
  const statements = new Set(asked.mock.calls.flatMap(([sql]) => (/\* FROM tail/.test(sql) ? [sql] : [])))
  asked.mockRestore()
  const connection = await Connection.open(join(dir, 'main', '0.db'), 'read')
  const plans = [...statements].map((sql) => connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`))
  const steps = (await Promise.all(plans)).flat().map((step) => step.detail)
  await connection.close()
  expect(steps.filter((step) => step.includes(' tail'))).toEqual(['SEARCH tail USING INTEGER PRIMARY KEY (rowid=?)'])
})

test('what a crash left in the tail is found, and counted toward the next block', async () => {
  await open({ blockEvents: 3 })
  await put(store!, [event('a'), event('b')])
  // As a crash leaves it: the tail's rows are committed, no writer has sealed them.
  const copy = `${dir}-copy`
  await cp(dir, copy, { recursive: true })
  await closed()
  store = await openStore(copy, { durable: false, blockEvents: 3 })
  expect(await found(store)).toEqual(['a', 'b'])
  await put(store, [event('c')])
  expect(await found(store)).toEqual(['a', 'b', 'c'])
  await store.close()
  store = undefined
  await rm(copy, { recursive: true })
})

/** Makes of the index file of `main` one as versions before wrote it. */
async function inIndex(sql: string): Promise<void> {
  const connection = await Connection.open(join(dir, 'main', '0.db'), 'write')
  await connection.exec(sql)
  await connection.close()
}
const VERSION_2 = 'ALTER TABLE blk DROP COLUMN segmentation; ALTER TABLE tail DROP COLUMN segmentation; PRAGMA user_version=2;'

test('a file of the second version is read: its events are cut in full, and those that come may be cut otherwise', async () => {
  await put(await open({ blockEvents: 2 }), [event('old a.b'), event('old a.c')])
  await closed()
  const tail = `INSERT INTO tail VALUES(2, 1700000000000000, 1700000000000000, 'h', 'app_log', '/var/log/app.log', NULL, NULL, CAST('old waits a.d' AS BLOB))`
  await inIndex(`${VERSION_2} ${tail}`)
  await open({ blockEvents: 2 })
  await store!.reserve('main', 1) // the serial of the event above
  await put(store!, [event('new a.b', 1, { segmentation: 'outer' }), event('new a b', 1), event('new a.d', 1, { segmentation: 'inner' })])
  const old = ['old a.b', 'old a.c', 'old waits a.d']
  for (const seal of [false, true]) {
    if (seal) await store!.seal()
    expect(await found(store!, { filter: predicate({ word: 'a' }) })).toEqual(['new a b', 'new a.d', ...old])
    expect(await found(store!, { filter: predicate({ term: 'a.b' }) })).toEqual(['new a.b', 'old a.b'])
    expect(await found(store!, { filter: predicate({ term: 'a.d' }) })).toEqual(['old waits a.d'])
  }
})

test.each(['none', 'brotli', 'lz4'] as const)('codec %s gives back what it took', async (codec) => {
  const raws = ['plain', 'é'.repeat(1000), '']
  await put(
    await open({ codec }),
    raws.map((r) => event(r)),
  )
  await closed()
  await open({ codec: 'none' })
  expect(await found(store!)).toEqual([...raws].sort())
})

test('append answers busy while too much waits', async () => {
  await open({ queueBytes: 10 })
  await put(store!, [event('first')])
  const receipts = await Promise.all([1, 1, 1].map((n) => store!.reserve('main', n)))
  const blocker = await Connection.open(join(dir, 'main', '0.db'), 'write')
  // The first one waits for it, and so in the queue, however long the others take to come.
  await blocker.run('BEGIN IMMEDIATE')
  const refused: Promise<unknown>[] = []
  const appends = receipts.map((r, i) => {
    const appended = store!.append('main', [event('twelve bytes')], r)
    if (i > 0) refused.push(appended.catch(() => undefined))
    return appended
  })
  await Promise.all(refused)
  await blocker.run('ROLLBACK')
  await blocker.close()
  const results = await Promise.allSettled(appends)
  expect(results.map((r) => (r.status === 'rejected' ? r.reason : 'stored'))).toEqual([
    'stored',
    expect.objectContaining({ code: 'busy', delay: 100 }),
    expect.objectContaining({ code: 'busy' }),
  ])
  // What was refused may be sent again under its lease.
  expect(await store!.append('main', [event('again')], receipts[1]!)).toMatchObject({ stored: 1 })
})

test('a closed store takes nothing', async () => {
  await open()
  const receipt = await store!.reserve('main', 1)
  await store!.close()
  await expect(store!.append('main', [event('a')], receipt)).rejects.toMatchObject({ code: 'closed' })
})

test('an append that fails is undone as a whole, and can be repeated', async () => {
  await open({ blockEvents: 2 })
  await put(store!, [event('first')])
  const receipt = await store!.reserve('main', 3)
  const blocker = await Connection.open(join(dir, 'main', '0.db'), 'write')
  await blocker.exec(
    `CREATE TRIGGER refuse BEFORE INSERT ON tail WHEN NEW.source = 'bad' BEGIN SELECT raise(ABORT, 'refused by the test'); END`,
  )
  await blocker.close()
  await expect(store!.append('main', [event('a'), event('b'), event('c', 1, { source: 'bad' })], receipt)).rejects.toThrow(
    'refused by the test',
  )
  expect(await found(store!)).toEqual(['first'])
  expect(await store!.append('main', [event('a'), event('b'), event('c')], receipt)).toMatchObject({ stored: 3, repeated: 0 })
  expect(await found(store!)).toEqual(['a', 'b', 'c', 'first'])
})

describe('postings', () => {
  const HOSTS = ['a', 'b', 'c']
  const many = (more = '') =>
    Array.from({ length: 40 }, (_, i) =>
      event(`n=${i} k${i % 2} ${i % 4 ? 'x.y' : 'É'} rare${i}${more}`, 1_700_000_000 + i, { host: HOSTS[i % 3]! }),
    )
  const word = (w: string) => predicate({ word: w })
  /** Rows found by host, without asking for any text. */
  async function hosts(filter: Predicate): Promise<Record<string, number>> {
    const { snapshot } = await store!.open(query({ filter, ordered: false }))
    const counts: Record<string, number> = {}
    for (const task of await store!.tasks(snapshot, 1))
      for await (const { batch } of store!.scan(task, undefined, undefined, { text: () => false }))
        for (const host of texts(batch, 'host')) counts[String(host)] = (counts[String(host)] ?? 0) + 1
    return counts
  }
  const spoil = async () => {
    const connection = await Connection.open(join(dir, 'main', '0.db'), 'write')
    await connection.exec("UPDATE blk SET raw = x'00'")
    await connection.close()
  }
  const filters = (): Record<string, Predicate> => ({
    all: predicate({ always: true }),
    dense: word('k1'),
    'whole term': predicate({ term: 'x.y' }),
    foreign: word('é'),
    none: word('nothing'),
    not: predicate({ not: word('k1') }),
    'not none': predicate({ not: word('nothing') }),
    combined: predicate({
      and: [predicate({ or: [word('k0'), predicate({ compare: ['host', '=', 'a'] })] }), predicate({ not: word('x') })],
    }),
  })

  test('what terms and metadata decide is answered without any text', async () => {
    await put(await open({ blockEvents: 8, postingsFrom: 4 }), many())
    await store!.seal()
    const before: Record<string, unknown> = {}
    for (const [name, filter] of Object.entries(filters())) before[name] = await hosts(filter)
    expect(before).toEqual({
      all: { a: 14, b: 13, c: 13 },
      dense: { a: 7, b: 7, c: 6 },
      'whole term': { a: 10, b: 10, c: 10 },
      foreign: { a: 4, b: 3, c: 3 },
      none: {},
      not: { a: 7, b: 6, c: 7 },
      'not none': { a: 14, b: 13, c: 13 },
      combined: { a: 4, b: 3, c: 3 },
    })
    await spoil()
    // `É` stands in two events of a block, too few for postings: what its text said when it was read is kept.
    for (const [name, filter] of Object.entries(filters())) expect([name, await hosts(filter)]).toEqual([name, before[name]])
    await expect(hosts(word('rare7'))).rejects.toThrow()
    await expect(found(store!, { filter: word('k1') })).rejects.toThrow()
  })

  test('a page that was read without text says so when it is asked for some', async () => {
    await put(await open({ blockEvents: 8 }), many())
    const { snapshot } = await store!.open(query({ ordered: false }))
    const [, task] = await store!.tasks(snapshot, 1)
    const { value: page } = await store!
      .scan(task ?? (await store!.tasks(snapshot, 1))[0]!, undefined, undefined, { text: () => false })
      .next()
    expect(() => page!.batch.column('_raw')).toThrow(TextMissing)
  })

  test('a file of the first version gets the table, and its blocks are looked at', async () => {
    await put(await open({ blockEvents: 8 }), many())
    await closed()
    await inIndex(`${VERSION_2} DROP TABLE post; PRAGMA user_version=1`)
    await put(await open({ blockEvents: 8 }), many(' later'))
    await store!.seal()
    expect(await found(store!, { filter: word('k1') })).toHaveLength(40)
    expect(await hosts(predicate({ not: word('later') }))).toEqual({ a: 14, b: 13, c: 13 })
  })
})
