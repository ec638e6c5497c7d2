import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { Connection } from '../../storage/backends/sqlite/connection'
import { openStore, type SqliteStore } from '../../storage/backends/sqlite/store'
import { event, found, put } from './event-store'

const root = join(__dirname, '..', '..')
const BATCH = 20

/**
 * Appends one, two, … events at a time for ever, several appends at once, and says what is acknowledged: `main FIRST COUNT`. Files are rolled, what waits
 * is sealed now and then. Into `old` go batches that age: `old N`, and `limit N` before those before N may go. Closes the store after so many lines.
 */
const CHILD = `
const { writeSync } = require('node:fs')
const { openStore } = require('./store.js')
const [db, from, lines] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
let store, said = 0
function say(...words) {
  writeSync(1, words.join(' ') + '\\n')
  if (++said !== lines) return
  writeSync(1, 'closing\\n')
  store.close()
}
const event = (serial) => ({ time: 1700000000 + serial, indexTime: 1, host: 'h', source: 's' + (serial % 3), sourcetype: 't', raw: Buffer.from('serial=' + serial + (serial % 10 ? '' : ' x'.repeat(4000))) })
async function ingest(size) {
  for (let n = 1; ; n++) {
    const receipt = await store.reserve('main', size)
    await store.append('main', Array.from({ length: size }, (_, i) => event(receipt.first + i)), receipt)
    say('main', receipt.first, size)
    if (size === 2 && n % 7 === 0) await store.seal()
  }
}
async function age() {
  for (let n = from; ; n++) {
    const raw = Buffer.from('old=' + n + ' ' + 'y'.repeat(3000))
    await store.append('old', Array.from({ length: ${BATCH} }, (_, i) => ({ ...event(i), time: n, raw })), await store.reserve('old', ${BATCH}))
    say('old', n)
    say('limit', n - 5)
    await store.retain(n - 5 + 45)
  }
}
const indexes = { '*': { maxDataSizeMB: 0.4 }, old: { maxDataSizeMB: 0.2, frozenTimePeriodInSecs: 45 } }
// Once it is closed all of them are refused, and wait for the end.
const ended = () => {}
openStore(db, { blockEvents: 8, codec: 'none', indexes }).then(async (opened) => {
  store = opened
  await store.createIndex('old')
  for (const size of [1, 2, 5, 30]) ingest(size).catch(ended)
  age().catch(ended)
  setInterval(ended, 1000)
})
`

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-crash-'))
  await build({
    entryPoints: [join(root, 'storage/backends/sqlite/store.ts')],
    bundle: true,
    platform: 'node',
    external: ['sqlite3', 'lz4-napi'],
    outfile: join(dir, 'store.js'),
    logLevel: 'error',
  })
  await writeFile(join(dir, 'child.js'), CHILD)
})
afterAll(() => rm(dir, { recursive: true }))

/** What children have said, all in all. */
interface Said {
  readonly serials: number[]
  /** Numbers of batches, and the least that must be there. */
  readonly batches: number[]
  limit: number
}

function hear(line: string, said: Said): void {
  const [what, first, count] = line.split(' ')
  if (what === 'main') for (let i = 0; i < Number(count); i++) said.serials.push(Number(first) + i)
  if (what === 'old') said.batches.push(Number(first))
  if (what === 'limit') said.limit = Number(first)
}

/** Lets a child work on `db` and kills it so many milliseconds after a line: the one with this number, or the one that says that it closes. */
async function killed(db: string, said: Said, { lines, closes, delay }: Moment): Promise<void> {
  const from = (said.batches.at(-1) ?? 0) + 2 // the one after the last may be there
  const child: ChildProcess = spawn(process.execPath, [join(dir, 'child.js'), db, String(from), String(closes ? lines : -1)], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let n = 0
  for await (const line of createInterface({ input: child.stdout! })) {
    hear(line, said)
    if (closes ? line === 'closing' : ++n === lines) setTimeout(() => child.kill('SIGKILL'), delay)
  }
  const [, signal] = await ended
  expect(signal).toBe('SIGKILL')
}

interface Moment {
  readonly lines: number
  readonly closes: boolean
  /** Milliseconds. */
  readonly delay: number
}
const SEED = 20261130
/** Each third while the store is closed. What is hit also hangs on the machine. */
function* moments(count: number): Generator<Moment> {
  let state = SEED
  const below = (n: number) => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % n
  for (let i = 0; i < count; i++) yield { lines: 1 + below(150), closes: i % 3 === 2, delay: below(12) }
}

/** Files are those that the catalogue knows, and each of them is there. Of indexes that have been written to since. */
async function expectKnownFiles(db: string, index: string): Promise<number> {
  const connection = await Connection.open(join(db, 'headstand.db'), 'read')
  const rows = await connection.all<{ bucket: number }>(
    `SELECT bucket FROM file WHERE idx = ? AND (state IS NULL OR state = 'warm')`,
    index,
  )
  await connection.close()
  const there = new Set((await readdir(join(db, index))).map((name) => Number.parseInt(name, 10)))
  expect([...there].sort()).toEqual(rows.map((r) => r.bucket).sort())
  return there.size
}

async function expectWhole(store: SqliteStore, said: Said): Promise<void> {
  const serials = numbers(await found(store), 'serial=')
  expect(new Set(serials).size).toBe(serials.length)
  const there = new Set(serials)
  expect(said.serials.filter((s) => !there.has(s))).toEqual([])
  expect((await store.reserve('main', 1)).first).toBeGreaterThan(Math.max(...serials))

  const batches = new Map<number, number>()
  for (const n of numbers(await found(store, { indexes: ['old'] }), 'old=')) batches.set(n, (batches.get(n) ?? 0) + 1)
  expect([...batches].filter(([, count]) => count !== BATCH)).toEqual([])
  expect(said.batches.filter((n) => n >= said.limit && !batches.has(n))).toEqual([])
}
const numbers = (texts: readonly unknown[], prefix: string): number[] =>
  (texts as string[]).filter((t) => t.startsWith(prefix)).map((t) => Number.parseInt(t.slice(prefix.length), 10))

test('kill -9 loses nothing acknowledged, doubles nothing, lends no serial again, and leaves no file that nobody knows', async () => {
  const db = join(dir, 'db')
  const said: Said = { serials: [], batches: [], limit: 0 }
  let files = 0
  for (const moment of moments(8)) {
    await killed(db, said, moment)
    const store = await openStore(db, { blockEvents: 8 })
    await expectWhole(store, said)
    for (const index of store.indexes().includes('old') ? ['main', 'old'] : ['main']) {
      expect(await put(store, [event('after the crash', 1_800_000_000)], index)).toMatchObject({ stored: 1 })
      files = Math.max(files, await expectKnownFiles(db, index))
    }
    expect(await store.verify()).toEqual([])
    await store.close()
  }
  expect(files).toBeGreaterThan(1)
  const catalogue = await Connection.open(join(db, 'headstand.db'), 'read')
  expect(await catalogue.all("SELECT bucket FROM file WHERE state = 'gone'")).not.toEqual([])
  await catalogue.close()
})
