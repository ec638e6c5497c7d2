import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { sound } from '../../storage/backends/sqlite/file-state'
import { openStore } from '../../storage/backends/sqlite/store'
import type { StoredColumn } from '../../storage/event-store'
import { event, put } from './event-store'

const root = join(__dirname, '..', '..')
const ROWS = 600
const keyOf = (n: number) => `main/0/0/${n * 16 + 1}-${n * 16 + 16}`

/** Writes columns for ever, over those of before too, and says after each. Every code of column n is n. */
const CHILD = `
const { writeSync } = require('node:fs')
const { openReader } = require('./reader.js')
openReader({ dir: process.argv[2], server: 's' }).then(async (reader) => {
  for (let round = 0; ; round++) {
    const columns = Array.from({ length: 20 }, (_, i) => i + (round % 3) * 10).map((n) => ({
      field: 'f', stretch: 'main/0/0/' + (n * 16 + 1) + '-' + (n * 16 + 16), values: { codes: new Int32Array(${ROWS}).fill(n), texts: Array.from({ length: n + 1 }, (_, k) => 'text ' + k) },
    }))
    await reader.columns.write('made', columns)
    writeSync(1, round + '\\n')
  }
})
`

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-crash-'))
  await build({
    entryPoints: [join(root, 'storage/backends/sqlite/reader.ts')],
    bundle: true,
    platform: 'node',
    external: ['sqlite3', 'lz4-napi'],
    outfile: join(dir, 'reader.js'),
    logLevel: 'error',
  })
  await writeFile(join(dir, 'child.js'), CHILD)
})
afterAll(() => rm(dir, { recursive: true }))

async function killed(db: string, rounds: number, delay: number): Promise<void> {
  const child = spawn(process.execPath, [join(dir, 'child.js'), db], {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let lines = 0
  for await (const _line of createInterface({ input: child.stdout! }))
    if (++lines === rounds) setTimeout(() => child.kill('SIGKILL'), delay)
  expect((await ended)[1]).toBe('SIGKILL')
}

test('kill -9 of whoever writes columns leaves whole ones, and a file that is gone on with', async () => {
  const db = join(dir, 'db')
  const filled = await openStore(db)
  const text = Array.from({ length: 30_000 }, (_, i) => Math.imul(i + 1, 2654435761).toString(36)).join(' ')
  await put(
    filled,
    Array.from({ length: 8 }, (_, i) => event(`${i} ${text}`)),
  )
  await filled.close()
  for (const [rounds, delay] of [
    [1, 0],
    [5, 3],
    [9, 7],
  ] as const) {
    await killed(db, rounds, delay)
    const store = await openStore(db)
    const found: StoredColumn[] = []
    const keys = Array.from({ length: 50 }, (_, n) => keyOf(n))
    for await (const c of store.columns.read('made', ['f'], keys)) found.push(c)
    expect(found.length).toBeGreaterThanOrEqual(10)
    for (const { stretch, values } of found) {
      const n = keys.indexOf(stretch)
      expect(values!.texts[n]).toBe(`text ${n}`)
      expect(values!.codes).toEqual(new Int32Array(ROWS).fill(n))
    }
    expect(await sound(join(db, 'main', '0.columns.db'))).toBe(true)
    await store.close()
  }
})
