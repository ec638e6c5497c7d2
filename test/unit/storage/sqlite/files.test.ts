import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, open as openFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { Connection } from '../../../../storage/backends/sqlite/connection'
import { Files } from '../../../../storage/backends/sqlite/files'
import { openReader } from '../../../../storage/backends/sqlite/reader'
import { openStore, type SqliteStore, type StoreOptions } from '../../../../storage/backends/sqlite/store'
import type { EventReader } from '../../../../storage/event-store'
import { event, found, predicate, put, query, texts } from '../../../contract/event-store'

const root = join(__dirname, '..', '..', '..', '..')
let dir: string
let store: SqliteStore | undefined
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-files-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(dir, { recursive: true })
})
const SMALL: StoreOptions = { durable: false, codec: 'none', indexes: { '*': { maxDataSizeMB: 0.3 } } }
const open = async (options: StoreOptions = {}) => (store = await openStore(dir, { ...SMALL, ...options }))
const closed = async () => {
  await store!.close()
  store = undefined
}
const reopen = async (options: StoreOptions = {}) => {
  await closed()
  return open(options)
}
const files = async () => (await readdir(join(dir, 'main'))).filter((f) => f.endsWith('.db')).sort()
/** Appends of 60 events of some 2 KB; about two of them fill a file. */
const batch = (n: number, time = 1000 * n) => Array.from({ length: 60 }, (_, i) => event(`n=${n} i=${i} ${'x'.repeat(2000)}`, time + i))
const short = (all: readonly unknown[]) => all.map((t) => String(t).split(' x')[0])
const expected = (...numbers: number[]) => numbers.flatMap((n) => Array.from({ length: 60 }, (_, i) => `n=${n} i=${i}`)).sort()
const fill = async (...numbers: number[]) => {
  for (const n of numbers) await put(store!, batch(n))
}

test('a full file is followed by another; searches, repeats and removals reach all of them', async () => {
  await open()
  const receipts = []
  for (const n of [1, 2, 3, 4, 5, 6]) {
    const receipt = await store!.reserve('main', 60)
    receipts.push(receipt)
    await store!.append('main', batch(n), receipt)
  }
  expect((await files()).length).toBeGreaterThanOrEqual(3)
  for (const again of [false, true]) {
    if (again) await reopen()
    expect(short(await found(store!))).toEqual(expected(1, 2, 3, 4, 5, 6))
    for (const [i, receipt] of receipts.entries())
      expect(await store!.append('main', batch(i + 1), receipt)).toMatchObject({ stored: 0, repeated: 60 })
  }
  expect(await store!.remove({ query: query({ filter: predicate({ phrase: 'i=7 ' }) }) })).toBe(6)
  expect(await store!.append('main', batch(1), receipts[0]!)).toMatchObject({ stored: 0 })
  expect(await found(store!)).toHaveLength(354)
  const scope = { indexes: ['main'], allowed: ['*'], earliest: 0, latest: Number.POSITIVE_INFINITY }
  const { indexes } = await store!.describe(scope)
  expect(indexes[0]!.events).toBe(354)
  const { buckets } = indexes[0]!
  expect(buckets.map((b) => b.path.split('/').at(-1)).sort()).toEqual(await files())
  expect(buckets.map((b) => b.state)).toEqual([...buckets.slice(1).map(() => 'warm'), 'hot'])
  expect(buckets.reduce((n, b) => n + b.events, 0)).toBe(354)
  expect(buckets.reduce((n, b) => n + b.diskBytes, 0)).toBe(indexes[0]!.diskBytes)
})

test('appends at once lose and double nothing while files are rolled', async () => {
  await open()
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => put(store!, batch(n))))
  expect(short(await found(store!))).toEqual(expected(1, 2, 3, 4, 5, 6, 7, 8))
})

test('files whose events are all too old go as a whole; others stay', async () => {
  await open({ indexes: { main: { maxDataSizeMB: 0.3, frozenTimePeriodInSecs: 3000 } } })
  await fill(1, 2, 3, 4, 5, 6)
  expect(await store!.retain(3000)).toEqual([])
  const dropped = await store!.retain(6500)
  expect(dropped.length).toBeGreaterThanOrEqual(1)
  const left = short(await found(store!))
  for (const n of [4, 5, 6]) expect(left).toEqual(expect.arrayContaining(expected(n)))
  expect(left).not.toContain('n=1 i=0')
  const names = await files()
  for (const path of dropped) expect(names).not.toContain(path.split('/').at(-1))
  // All of it, the file that is written to as well; the numbers of files and of events go on.
  const gone = [...dropped, ...(await store!.retain(1_000_000))].map((path) => path.split('/').at(-1))
  expect(await found(store!)).toEqual([])
  await fill(7)
  expect((await files()).filter((f) => gone.includes(f))).toEqual([])
  await reopen()
  expect(short(await found(store!))).toEqual(expected(7))
})

test('the oldest files go when all together are too large', async () => {
  await open({ indexes: { main: { maxDataSizeMB: 0.3, maxTotalDataSizeMB: 1 } } })
  await fill(1, 2, 3, 4, 5, 6, 7, 8)
  const before = (await files()).length
  await store!.retain(0)
  expect((await files()).length).toBeLessThan(before)
  const left = short(await found(store!))
  expect(left).toEqual(expect.arrayContaining(expected(8)))
  expect(left).not.toContain('n=1 i=0')
})

test.each(['this thread', 'another reader'])('a search that began in %s reads a retired file to its end; then it goes', async (who) => {
  await open({ indexes: { main: { maxDataSizeMB: 0.3, frozenTimePeriodInSecs: 1 } } })
  await fill(1, 2, 3, 4)
  const reader = who === 'this thread' ? store! : await openReader(store!.place)
  const { snapshot } = await reader.open(query())
  expect((await store!.retain(1_000_000)).length).toBeGreaterThanOrEqual(2)
  expect(await found(store!)).toEqual([])
  const seen: unknown[] = []
  for (const task of await reader.tasks(snapshot, 2)) for await (const page of reader.scan(task)) seen.push(...texts(page.batch))
  expect(short(seen).sort()).toEqual(expected(1, 2, 3, 4))
  await store!.retain(1_000_000)
  expect(await readdir(join(dir, 'main'))).toContain('0.db')
  await reader.release(snapshot)
  await store!.retain(1_000_000)
  expect(await readdir(join(dir, 'main'))).not.toContain('0.db')
  if (reader !== store) await reader.close()
})

describe('files that are retired while they are described', () => {
  const all = { indexes: ['main'], allowed: ['*'], earliest: 0, latest: Number.POSITIVE_INFINITY }
  beforeEach(async () => {
    await open({ indexes: { main: { maxDataSizeMB: 0.3, frozenTimePeriodInSecs: 1 } } })
    await fill(1, 2, 3)
  })
  afterEach(() => jest.restoreAllMocks())
  const retire = () => store!.retain(1_000_000)

  test('before they are opened: they are passed over', async () => {
    const asked: ((reader: EventReader) => Promise<unknown>)[] = [
      async (reader) => (await reader.describe(all)).indexes[0]!.buckets,
      async (reader) => (await reader.describe({ ...all, check: true })).indexes[0]!.buckets,
      async (reader) => (await reader.terms({ ...all, pattern: '*', limit: 10 })).terms,
    ]
    for (const [i, ask] of asked.entries()) {
      if (i > 0) await fill(i + 3)
      const reader = await openReader(store!.place)
      jest.spyOn(Files.prototype, 'open').mockImplementationOnce(async function (this: Files, f) {
        await retire()
        return this.open(f)
      })
      expect(await ask(reader)).toEqual([])
      await reader.close()
    }
  })

  test('while they are read: they stay so long', async () => {
    jest.spyOn(Files.prototype, 'consistently').mockImplementationOnce(async function (this: Files, connection, job) {
      await retire()
      return this.consistently(connection, job)
    })
    const { buckets } = (await store!.describe(all)).indexes[0]!
    expect(buckets.map((b) => b.id)).toEqual([0])
    expect(buckets[0]!.events).toBeGreaterThan(0)
    await retire()
    expect(await files()).not.toContain('0.db')
  })
})

describe('what fails does not keep', () => {
  beforeEach(async () => {
    await open({ indexes: { main: { maxDataSizeMB: 0.3, frozenTimePeriodInSecs: 1 } } })
    await fill(1, 2, 3)
  })

  test.each(['damaged', 'no file'])('retired files from going: one that is %s', async (what) => {
    const reader = await openReader(store!.place)
    await reader.open(query())
    await store!.retain(1_000_000)
    await reader.close()
    expect(await files()).toEqual(expect.arrayContaining(['0.db', '1.db']))
    const path = join(dir, 'main', '0.db')
    if (what === 'damaged') await writeFile(path, Buffer.alloc(20_000, 'x'))
    else {
      await rm(path)
      await mkdir(path)
    }
    await store!.retain(1_000_000)
    expect(await files()).not.toContain('1.db')
    if (what === 'no file') {
      expect(await files()).toContain('0.db')
      await rm(path, { recursive: true })
      await store!.retain(1_000_000)
    }
    expect(await files()).not.toContain('0.db')
  })

  test('files of many searches from going', async () => {
    const stop = new AbortController()
    const asked = store!.openMany([query()], stop.signal)
    stop.abort()
    await expect(asked).rejects.toThrow(/abort/i)
    await store!.retain(1_000_000)
    expect(await files()).not.toContain('0.db')
  })

  test('a file open that cannot be sealed', async () => {
    await reopen({ indexes: { main: { frozenTimePeriodInSecs: 1 } } })
    await put(store!, [event('waits')])
    const hot = (await files()).at(-1)!
    const connection = await Connection.open(join(dir, 'main', hot), 'write')
    await connection.exec("CREATE TRIGGER no BEFORE INSERT ON blk BEGIN SELECT RAISE(ABORT, 'no block'); END")
    const closing = jest.spyOn(Connection.prototype, 'close')
    await expect(store!.retain(2_000_000_000)).rejects.toThrow('no block')
    const paths = closing.mock.contexts.map((c) => (c as Connection).path)
    closing.mockRestore()
    expect(paths).toEqual([connection.path])
    await connection.exec('DROP TRIGGER no')
    await connection.close()
    expect((await put(store!, [event('next')])).stored).toBe(1)
    expect(await found(store!, { filter: predicate({ or: [predicate({ word: 'waits' }), predicate({ word: 'next' })] }) })).toHaveLength(2)
  })
})

test('the first terms of several files, without reading the others', async () => {
  await open({ indexes: { '*': { maxDataSizeMB: 0.3 } } })
  await fill(1, 2)
  await put(store!, [event('n=0 other')])
  await store!.seal()
  expect((await files()).length).toBeGreaterThanOrEqual(2)
  const terms = async (pattern: string, limit: number) => (await store!.terms({ indexes: ['main'], allowed: ['*'], pattern, limit })).terms
  const whole = await terms('*', 1000)
  const read = jest.spyOn(Connection.prototype, 'all')
  expect(await terms('*', 4)).toEqual(whole.slice(0, 4))
  expect(await terms('n*', 2)).toEqual(whole.filter((t) => t.term.startsWith('n')).slice(0, 2))
  const rows = await Promise.all(read.mock.results.filter((_r, i) => /vocab/.test(read.mock.calls[i]![0])).map((r) => r.value))
  read.mockRestore()
  expect(Math.max(...rows.map((r) => r.length))).toBe(4)
  expect((await terms('*=3', 1)).map((t) => t.term)).toEqual(['i=3'])
})

test.each([true, false])('durable %s: the name of a new folder of an index is brought to the disk, or not', async (durable) => {
  await open({ durable })
  const folder = await openFile(dir)
  const { ino } = await folder.stat()
  const synced: number[] = []
  const handles = Object.getPrototypeOf(folder) as typeof folder
  const sync = jest.spyOn(handles, 'sync').mockImplementation(async function (this: typeof folder) {
    synced.push((await this.stat()).ino)
  })
  await put(store!, [event('a')])
  await store!.createIndex('web')
  await put(store!, [event('a'), event('b')], 'web')
  await put(store!, [event('c')], 'web')
  sync.mockRestore()
  await folder.close()
  expect(synced).toEqual(durable ? [ino, ino] : [])
})

test('a file that a crash left retired is unlinked when the store is opened', async () => {
  await open({ indexes: { main: { maxDataSizeMB: 0.3, frozenTimePeriodInSecs: 1 } } })
  await fill(1, 2, 3)
  const { snapshot } = await store!.open(query())
  await store!.retain(1_000_000)
  expect(await files()).toContain('0.db')
  expect(snapshot.indexes).toEqual(['main'])
  // Of the look whether anybody has it open.
  await writeFile(join(dir, 'main', '0.db-journal'), '')
  await reopen()
  expect((await readdir(join(dir, 'main'))).filter((name) => name.startsWith('0.'))).toEqual([])
})

test('a damaged page is named by the search that meets it; `verify` puts the file aside, the others go on', async () => {
  await open()
  await fill(1, 2, 3, 4)
  await closed()
  const handle = await openFile(join(dir, 'main', '0.db'), 'r+')
  const { size } = await handle.stat()
  // Not the first pages: a file that cannot be opened is another test's. Of the others so many that some are of events.
  const from = 8192 * Math.floor(size / 8192 / 3)
  await handle.write(Buffer.alloc(size - from, 0xff), 0, size - from, from)
  await handle.close()
  await open()
  expect(store!.damage).toEqual([])
  await expect(found(store!)).rejects.toMatchObject({ code: 'damaged', message: expect.stringContaining('0.db') })
  expect(await store!.verify()).toEqual([expect.stringMatching(/0\.db is damaged\. It was set aside as .*0\.db\.damaged/)])
  expect(await readdir(join(dir, 'main'))).toContain('0.db.damaged')
  const left = short(await found(store!))
  expect(left).toEqual(expect.arrayContaining(expected(4)))
  await fill(5)
  await reopen()
  expect(short(await found(store!))).toEqual([...left, ...expected(5)].sort())
})

test('too little space: no events are taken, what is there is found', async () => {
  await open()
  await fill(1)
  await reopen({ minFreeSpace: 1e12 })
  await expect(fill(2)).rejects.toMatchObject({ code: 'full', message: expect.stringContaining('MB free') })
  expect(short(await found(store!))).toEqual(expected(1))
})

/** Paths in the store's folder that this process has open; undefined where the system does not tell. */
function openPaths(): string[] | undefined {
  const table = '/proc/self/fd'
  if (!existsSync(table)) return undefined
  const paths = readdirSync(table).map((fd) => (existsSync(join(table, fd)) ? readlinkSync(join(table, fd)) : ''))
  return paths.filter((path) => path.startsWith(dir))
}
const outside = async (file: string, ...statements: readonly string[]) => {
  const connection = await Connection.open(join(dir, file), 'write')
  for (const sql of statements) await connection.exec(sql)
  return connection
}

test('a file that cannot be sealed is not rolled, and is closed; once it can be, all goes on', async () => {
  await open({ indexes: { main: { frozenTimePeriodInSecs: 1 } } })
  await put(store!, [event('waits')])
  const failing = await outside('main/0.db', "CREATE TRIGGER odd BEFORE INSERT ON blk BEGIN SELECT RAISE(ABORT, 'not now'); END")
  await failing.close()
  await expect(store!.retain(2_000_000_000)).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('not now') })
  expect(openPaths()?.filter((path) => path.includes('0.db')) ?? []).toEqual([])
  expect(await found(store!)).toEqual(['waits'])
  await (await outside('main/0.db', 'DROP TRIGGER odd')).close()
  expect(await store!.retain(2_000_000_000)).toHaveLength(1)
})

test('a file that is not told to the catalogue is closed, and a lease that was not written down is not given', async () => {
  await open()
  const receipt = await store!.reserve('main', 1)
  const blocker = await outside('headstand.db', 'BEGIN IMMEDIATE')
  const [appended, leased] = await Promise.allSettled([store!.append('main', [event('a')], receipt), store!.reserve('main', 100_000)])
  expect([appended, leased]).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'locked' } }))
  await expect(store!.reserve('main', 90_000)).rejects.toMatchObject({ code: 'locked' })
  expect(openPaths()?.filter((path) => path.includes('0.db')) ?? []).toEqual([])
  await blocker.close()
  expect(await store!.append('main', [event('a')], receipt)).toMatchObject({ stored: 1 })
  expect(await found(store!)).toEqual(['a'])
})

/** As another user where this one is root, who writes everywhere. */
test('a folder that cannot be written to is refused by name', async () => {
  const folder = join(dir, 'locked')
  await mkdir(folder)
  await chmod(folder, 0o555)
  await chmod(dir, 0o755)
  const program = join(dir, 'open.js')
  await build({
    stdin: {
      contents: `
        import { openStore } from './storage/backends/sqlite/store'
        if (process.getuid?.() === 0) process.setuid(65534)
        openStore(process.argv[2]).then(() => console.log('opened'), (e) => console.log(e.code + ' ' + e.message))`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    external: ['sqlite3', 'lz4-napi'],
    outfile: program,
  })
  const { stdout } = spawnSync(process.execPath, [program, folder], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    encoding: 'utf8',
  })
  expect(stdout).toMatch(/^read-only .*locked cannot be written to/)
  await chmod(folder, 0o755)
})
