import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { CODECS, canCompress } from '../../storage/backends/sqlite/codec'
import { Connection } from '../../storage/backends/sqlite/connection'
import { openStore } from '../../storage/backends/sqlite/store'
import { event, found, put } from './event-store'

const root = join(__dirname, '..', '..')
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-codecs-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** Appends one event, then says what is found: with the packages of a folder that has no lz4-napi. */
const CHILD = `
import { openStore } from './storage/backends/sqlite/store'
import { event, found, put } from './test/contract/event-store'
async function run() {
  const store = await openStore(process.argv[2])
  await put(store, [event('without lz4')])
  console.log(JSON.stringify(await found(store)))
  await store.close()
}
run()
`
async function withoutLz4(db: string): Promise<unknown> {
  const packages = join(dir, 'packages')
  await mkdir(packages)
  await symlink(join(root, 'node_modules', 'sqlite3'), join(packages, 'sqlite3'), 'junction')
  const program = join(dir, 'child.js')
  await build({
    stdin: { contents: CHILD, resolveDir: root },
    bundle: true,
    platform: 'node',
    external: ['sqlite3', 'lz4-napi'],
    outfile: program,
    logLevel: 'error',
  })
  const { stdout, stderr } = spawnSync(process.execPath, [program, db], { env: { ...process.env, NODE_PATH: packages }, encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}
async function inIndex<T>(db: string, sql: string): Promise<T[]> {
  const connection = await Connection.open(join(db, 'main', '0.db'), 'write')
  return connection.all<T>(sql).finally(() => connection.close())
}

test('without the package of lz4 blocks are written with brotli, and those written with lz4 are read', async () => {
  const db = join(dir, 'db')
  const store = await openStore(db)
  await put(store, [event('with lz4')])
  await store.close()
  expect(await withoutLz4(db)).toEqual(['with lz4', 'without lz4'])
  expect(await inIndex(db, 'SELECT codec FROM blk ORDER BY id')).toEqual([{ codec: CODECS.lz4 }, { codec: CODECS.brotli }])
  const again = await openStore(db)
  expect(await found(again)).toEqual(['with lz4', 'without lz4'])
  await again.close()
})

test.each([
  ...(canCompress('zstd') ? [] : [[CODECS.zstd, 'zstd, which this version of Node does not have: 22.15 and later do'] as const]),
  [99, 'codec 99, which this version does not know'] as const,
])('a block of codec %i: the search that reads it is told why it cannot', async (codec, said) => {
  const db = join(dir, 'db')
  const store = await openStore(db)
  await put(store, [event('first')])
  await store.seal()
  await inIndex(db, `UPDATE blk SET codec = ${codec}`)
  await expect(found(store)).rejects.toMatchObject({ name: 'StoreError', code: 'failed', message: `A block is written with ${said}.` })
  // What comes is taken, and found where that block is not asked.
  await put(store, [event('second', 1_800_000_000)])
  expect(await found(store, { earliest: 1_750_000_000 })).toEqual(['second'])
  await store.close()
})
