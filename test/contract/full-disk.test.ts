import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { openStore } from '../../storage/backends/sqlite/store'
import type { Filled } from '../support/full-disk'
import { event, found, put } from './event-store'

const root = join(__dirname, '..', '..')
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-full-'))
  await build({
    entryPoints: [join(root, 'test/support/full-disk.ts')],
    bundle: true,
    platform: 'node',
    external: ['sqlite3', 'lz4-napi'],
    outfile: join(dir, 'full-disk.js'),
    logLevel: 'error',
  })
})
afterAll(() => rm(dir, { recursive: true }))

/** Runs a shell command that ends in `"$@"`, which is the program of `test/support/full-disk.ts` with its arguments. */
function filled(way: readonly string[], shell: string, args: readonly string[]): Filled {
  const command = [...way, 'sh', '-c', shell, 'sh', process.execPath, join(dir, 'full-disk.js'), ...args]
  const { stdout, stderr, status } = spawnSync(command[0]!, command.slice(1), {
    env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  expect([status, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Filled
}

const sorted = (serials: readonly number[]) => [...serials].sort((a, b) => a - b)

/** Nothing acknowledged is lost, nothing is there that was not or twice, all the way. @param copy of the folder, as a crash would have left it */
async function expectWhole(x: Filled, copy: string): Promise<void> {
  for (const [serials, count] of x.steps) expect(sorted(serials)).toEqual(sorted(x.acknowledged.slice(0, count)))
  expect(x.damage).toEqual([])
  expect(x.leftOpen ?? []).toEqual([])
  const [, count] = x.steps.at(-3)!
  const store = await openStore(copy, { minFreeSpace: 0 })
  const serials = ((await found(store)) as string[]).map((text) => Number.parseInt(text, 10))
  expect(sorted(serials)).toEqual(sorted(x.acknowledged.slice(0, count)))
  expect((await store.reserve('main', 1)).first).toBeGreaterThan(Math.max(...serials))
  expect(await put(store, [event('goes on')])).toMatchObject({ stored: 1 })
  expect(await store.verify()).toEqual([])
  await store.close()
}

/** How a file system of its own is had: as root, or as root of a namespace of users; undefined where neither can be. */
const MOUNT = 'mount -t tmpfs -o size=40m headstand'
const way = [
  ['unshare', '-m'],
  ['unshare', '-rm'],
].find(([command, ...args]) => spawnSync(command!, [...args, 'sh', '-c', `${MOUNT} ${tmpdir()}`]).status === 0)
if (!way) console.log('skipped: a disk that is full, since no file system can be mounted here')

;(way ? test : test.skip)('a full disk: events are refused, searches go on, and with room again so does all', async () => {
  const disk = join(dir, 'disk')
  const copy = join(dir, 'copy')
  await mkdir(disk)
  const x = filled(way!, `${MOUNT} ${disk} && exec "$@"`, [disk, 'disk', copy, '0.5'])
  expect(x.refused).toEqual({ append: ['full'], seal: ['full'], open: ['full'] })
  expect(x.files).toBeGreaterThan(5)
  await expectWhole(x, copy)
})

const shell = process.platform !== 'win32'
if (!shell) console.log('skipped: files that can be no larger, which needs a shell with ulimit')

;(shell ? test : test.skip).each([
  [600, 100],
  [1300, 0.05],
])('files of at most %i blocks, full at %d MB: what cannot be written is refused, and a new process goes on', async (blocks, megabytes) => {
  const folder = join(dir, `files-${blocks}`)
  await mkdir(folder)
  // What happened is told by a pipe, which is no file.
  const x = filled([], `ulimit -f ${blocks} && exec "$@"`, [folder, 'file', join(folder, 'copy'), String(megabytes)])
  expect(x.refused.append).toEqual(['failed'])
  await expectWhole(x, join(folder, 'copy'))
})
