import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { openStore } from '../../storage/backends/sqlite/store'
import { event, found, put } from './event-store'

const root = join(__dirname, '..', '..')

/** Appends one, two, … events at a time for ever, several appends at once, and says which serials are acknowledged. Files are rolled, and old ones dropped. */
const CHILD = `
const { writeSync } = require('node:fs')
const { openStore } = require('./store.js')
const event = (serial) => ({ time: 1700000000 + serial, indexTime: 1, host: 'h', source: 's' + (serial % 3), sourcetype: 't', raw: Buffer.from('serial=' + serial + (serial % 10 ? '' : ' x'.repeat(4000))) })
async function ingest(store, size) {
  for (;;) {
    const receipt = await store.reserve('main', size)
    await store.append('main', Array.from({ length: size }, (_, i) => event(receipt.first + i)), receipt)
    writeSync(1, receipt.first + ' ' + size + '\\n')
  }
}
const OLD = 1000
async function age(store) {
  for (let n = 0; ; n++) {
    await store.append('old', Array.from({ length: 20 }, (_, i) => ({ ...event(i), time: OLD + n, raw: Buffer.from('old ' + 'y'.repeat(3000)) })), await store.reserve('old', 20))
    await store.retain(OLD + n + 50)
  }
}
const indexes = { '*': { maxDataSizeMB: 0.4 }, old: { maxDataSizeMB: 0.2, frozenTimePeriodInSecs: 45 } }
openStore(process.argv[2], { blockEvents: 8, codec: 'none', indexes }).then(async (store) => {
  await store.createIndex('old')
  for (const size of [1, 2, 5, 30]) ingest(store, size)
  age(store)
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

/** Lets the child ingest into `db`, kills it after so many acknowledgements, and answers the acknowledged serials. */
async function killed(db: string, acknowledgements: number): Promise<number[]> {
  const child: ChildProcess = spawn(process.execPath, [join(dir, 'child.js'), db], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const serials: number[] = []
  let lines = 0
  for await (const line of createInterface({ input: child.stdout! })) {
    const [first, count] = line.split(' ').map(Number)
    for (let i = 0; i < count!; i++) serials.push(first! + i)
    if (++lines === acknowledgements) child.kill('SIGKILL')
  }
  const [, signal] = await ended
  expect(signal).toBe('SIGKILL')
  return serials
}

test('kill -9 loses nothing acknowledged, doubles nothing, and lends no serial again', async () => {
  const db = join(dir, 'db')
  const acknowledged: number[] = []
  let files = 0
  for (const after of [7, 150, 61]) {
    acknowledged.push(...(await killed(db, after)))
    const store = await openStore(db, { blockEvents: 8 })
    const serials = ((await found(store)) as string[]).filter((t) => t.startsWith('serial=')).map((t) => Number.parseInt(t.slice(7), 10))
    expect(new Set(serials).size).toBe(serials.length)
    const there = new Set(serials)
    expect(acknowledged.filter((s) => !there.has(s))).toEqual([])
    expect((await store.reserve('main', 1)).first).toBeGreaterThan(Math.max(...serials))
    expect(await put(store, [event('after the crash')])).toMatchObject({ stored: 1 })
    await store.verify()
    expect(store.damage).toEqual([])
    files = Math.max(files, (await readdir(join(db, 'main'))).filter((f) => f.endsWith('.db')).length)
    await store.close()
  }
  expect(files).toBeGreaterThan(1)
})
