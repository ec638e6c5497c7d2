import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SearchRequest } from '../../../search/head'
import { LocalHead } from '../../../search/local-head'
import { Connection } from '../../../storage/backends/sqlite/connection'
import { openStore } from '../../../storage/backends/sqlite/store'
import { query } from '../../contract/event-store'

/** Five stretches of sixteen blocks: as many as make a search a large one. */
const EVENTS = 20_480
const USERS = 7

let dir: string
let db: string
let ingestedOnce: string
const logged: string[] = []
beforeAll(async () => {
  ingestedOnce = await mkdtemp(join(tmpdir(), 'headstand-columns-'))
  db = ingestedOnce
  await ingested()
})
afterAll(() => rm(ingestedOnce, { recursive: true }))
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-columns-'))
  db = join(dir, 'db')
  await cp(ingestedOnce, db, { recursive: true })
})
afterEach(async () => {
  await rm(dir, { recursive: true })
  expect(logged.splice(0)).toEqual([])
})

const request = (search: string): SearchRequest => ({
  search,
  owner: 'admin',
  app: 'search',
  indexesAllowed: ['*', '_*'],
  indexesDefault: ['main'],
  ttlSeconds: 600,
  maxCount: 1000,
  maxTimeSeconds: 0,
  preview: false,
  origin: 'test',
  echo: {},
})
/** Each text is long and unlike the others: the index must be much larger than the columns. */
const raw = (i: number) =>
  `user=u${i % USERS} n=${i} ${i % 3 ? `odd="é ${i % 5}"` : ''} id=${Array.from({ length: 8 }, (_, k) => ((i + 1) * (k + 7919) * 2654435761) % 2 ** 32).join('-')}`

async function withHead<T>(job: (head: LocalHead) => Promise<T>, appFolders: readonly string[] = []): Promise<T> {
  const head = new LocalHead({ db, appFolders, now: 1_700_000_000, log: (text) => logged.push(text) })
  try {
    return await job(head)
  } finally {
    await head.close()
  }
}
async function ingested(): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    index: 'main',
    time: 1_600_000_000 + i,
    host: 'h',
    source: 's',
    sourcetype: 't',
    raw: raw(i),
  }))
  await withHead((head) => head.ingest(events))
  const store = await openStore(db)
  await store.seal()
  await store.close()
}
async function answer(head: LocalHead, search: string): Promise<unknown> {
  const job = await head.start(request(search))
  const { state } = await job.finished()
  return { state, rows: (await job.rows({ kind: 'results', offset: 0, count: 100 })).rows }
}
const twice = (search: string) => withHead(async (head) => [await answer(head, search), await answer(head, search)][1])
const once = (search: string, apps: readonly string[] = []) => withHead((head) => answer(head, search), apps)

const file = (suffix = '') => join(db, 'main', `0.columns.db${suffix}`)
/** Whoever reads a text from now on fails. */
async function spoil(): Promise<void> {
  const connection = await Connection.open(join(db, 'main', '0.db'), 'write')
  await connection.exec("UPDATE blk SET raw = x'00'")
  await connection.close()
}
async function stored(): Promise<unknown> {
  const connection = await Connection.open(file(), 'read')
  const rows = await connection.all('SELECT field, count(*) AS n FROM col GROUP BY field ORDER BY field')
  await connection.close()
  return rows
}
const FAILED = expect.objectContaining({ state: 'FAILED' })
/** A failure of texts is told as a bug or as the store's. */
const forget = () => logged.splice(0)

const SEARCH = 'search sourcetype=t | stats count by user'

describe('fields that searches keep asking for', () => {
  it('are stored when they are asked for again, and do instead of texts in another process', async () => {
    await once(SEARCH)
    expect(existsSync(file())).toBe(false)
    const before = await twice(SEARCH)
    expect(before).toMatchObject({ state: 'DONE', rows: expect.arrayContaining([['u0', '2926']]) })
    expect(await stored()).toEqual([{ field: 'user', n: 5 }])
    await spoil()
    expect(await once(SEARCH)).toEqual(before)
    expect(await once('search sourcetype=t | stats count by n')).toEqual(FAILED)
    forget()
  })

  it('are multivalued, absent in some events, and in all', async () => {
    const apps = [await app('[t]\nREPORT-all = parts\n', '[parts]\nREGEX = (?<part>\\d)-\nMV_ADD = true\n')]
    const search = 'search sourcetype=t | stats count, count(part) AS parts, dc(part) AS digits, count(nothing) AS none by odd'
    const before = await withHead(async (head) => [await answer(head, search), await answer(head, search)], apps)
    expect(before[1]).toEqual(before[0])
    expect(before[0]).toMatchObject({ state: 'DONE' })
    expect(await stored()).toEqual(['nothing', 'odd', 'part'].map((field) => ({ field, n: 5 })))
    await spoil()
    expect(await once(search, apps)).toEqual(before[0])
  })

  it('are not used by a search that extracts otherwise', async () => {
    await twice(SEARCH)
    await spoil()
    expect(await once(SEARCH, [await app('[t]\nEXTRACT-user = id=(?<user>\\d)\n')])).toEqual(FAILED)
    forget()
  })

  it('do not bring back what was removed', async () => {
    await twice(SEARCH)
    const store = await openStore(db)
    await store.remove({ query: query({ earliest: 1_600_000_000, latest: 1_600_000_070 }) })
    await store.close()
    const after = await twice(SEARCH)
    expect(after).toMatchObject({ rows: expect.arrayContaining([['u0', '2916']]) })
    // They took the place of those before.
    expect(await stored()).toEqual([{ field: 'user', n: 5 }])
    await spoil()
    expect(await once(SEARCH)).toEqual(after)
  })

  it('do not help where another field is asked for too', async () => {
    await twice(SEARCH)
    expect(await once('search sourcetype=t | stats count, dc(odd) AS odd by user')).toMatchObject({
      state: 'DONE',
      rows: expect.arrayContaining([['u0', '2926', '5']]),
    })
  })

  it('go with their events', async () => {
    await twice(SEARCH)
    const store = await openStore(db, { indexes: { main: { maxDataSizeMB: 1, frozenTimePeriodInSecs: 1 } } })
    // Rolls the file, which then is too old.
    await store.append('main', [], await store.reserve('main', 1))
    await store.retain(1_700_000_000)
    await store.close()
    expect((await readdir(join(db, 'main'))).filter((name) => name.startsWith('0.'))).toEqual([])
  })

  describe('are done without where their file', () => {
    const scribbled = async (at: number) => {
      const f = await open(file(), 'r+')
      await f.write(Buffer.alloc(200, 'x'), 0, 200, at)
      await f.close()
    }
    it.each([
      ['is no database', () => writeFile(file(), 'x'.repeat(10_000))],
      ['is damaged', () => scribbled(4096 + 10)],
      ['holds other values than were written', async () => scribbled((await stat(file())).size - 1000)],
      ['is cut short', () => truncate(file(), 5000)],
    ])('%s; it is begun anew', async (_what, damage) => {
      const before = await twice(SEARCH)
      await damage()
      expect(await twice(SEARCH)).toEqual(before)
      await twice(SEARCH)
      await spoil()
      expect(await once(SEARCH)).toEqual(before)
    })
    it.each([
      ['cannot be written', () => mkdir(file())],
      [
        'is of a newer version',
        async () => {
          const connection = await Connection.open(file(), 'write')
          await connection.exec('PRAGMA user_version=99')
          await connection.close()
        },
      ],
    ])('%s', async (_what, prevent) => {
      await prevent()
      expect(await twice(SEARCH)).toMatchObject({ state: 'DONE', rows: expect.arrayContaining([['u0', '2926']]) })
      expect(existsSync(file())).toBe(true)
    })
    it('is being written by somebody else', async () => {
      await twice(SEARCH)
      const connection = await Connection.open(file(), 'write')
      await connection.exec('BEGIN EXCLUSIVE')
      expect(await twice('search sourcetype=t | stats count by odd')).toMatchObject({ state: 'DONE' })
      await connection.exec('ROLLBACK')
      await connection.close()
      expect(await stored()).toEqual([{ field: 'user', n: 5 }])
    })
  })

  it('take a tenth of the index at most; the oldest go', async () => {
    const bound = (await stat(join(db, 'main', '0.db'))).size / 10
    const fields = ['user', 'n', 'id', 'odd', 'a', 'b', 'c']
    for (const field of fields) await twice(`search sourcetype=t | stats dc(${field}) AS n`)
    await twice('search sourcetype=t | stats dc(n) AS n')
    expect((await stat(file())).size).toBeLessThan(bound + 64 * 1024)
    expect((await stored()) as { field: string }[]).not.toContainEqual(expect.objectContaining({ field: 'user' }))
    expect((await stored()) as { field: string }[]).toContainEqual(expect.objectContaining({ field: 'n' }))
  })
})

async function app(props: string, transforms = ''): Promise<string> {
  const folder = join(dir, 'app')
  await mkdir(join(folder, 'default'), { recursive: true })
  await writeFile(join(folder, 'default', 'props.conf'), props)
  await writeFile(join(folder, 'default', 'transforms.conf'), transforms)
  await mkdir(join(folder, 'metadata'), { recursive: true })
  await writeFile(join(folder, 'metadata', 'default.meta'), '[]\nexport = system\n')
  return folder
}
