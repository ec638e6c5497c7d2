import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { openStore } from '../../storage/backends/sqlite/store'
import { event, found, put } from './event-store'

const root = join(__dirname, '..', '..')

/** Appends one, two, … events at a time for ever, several appends at once, and says which serials are acknowledged. */
const CHILD = `
const { writeSync } = require('node:fs')
const { openStore } = require('./store.js')
const event = (serial) => ({ time: 1700000000 + serial, indexTime: 1, host: 'h', source: 's' + (serial % 3), sourcetype: 't', raw: Buffer.from('serial=' + serial) })
async function ingest(store, size) {
  for (;;) {
    const receipt = await store.reserve('main', size)
    await store.append('main', Array.from({ length: size }, (_, i) => event(receipt.first + i)), receipt)
    writeSync(1, receipt.first + ' ' + size + '\\n')
  }
}
openStore(process.argv[2], { blockEvents: 8 }).then((store) => [1, 2, 5, 30].forEach((size) => ingest(store, size)))
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
  for (const after of [7, 40]) {
    acknowledged.push(...(await killed(db, after)))
    const store = await openStore(db, { blockEvents: 8 })
    const serials = ((await found(store)) as string[]).filter((t) => t.startsWith('serial=')).map((t) => Number(t.slice(7)))
    expect(new Set(serials).size).toBe(serials.length)
    const there = new Set(serials)
    expect(acknowledged.filter((s) => !there.has(s))).toEqual([])
    expect((await store.reserve('main', 1)).first).toBeGreaterThan(Math.max(...serials))
    expect(await put(store, [event('after the crash')])).toMatchObject({ stored: 1 })
    await store.close()
  }
})
