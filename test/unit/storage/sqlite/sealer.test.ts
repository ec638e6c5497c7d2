import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Segmentation } from '../../../../spl/segments/segmentation'
import { newSegmenter, type SealedText, sealText } from '../../../../storage/backends/sqlite/seal-text'
import { Sealer } from '../../../../storage/backends/sqlite/sealer'

const root = join(__dirname, '..', '..', '..', '..')
const SETTINGS = { codec: 'brotli', postingsFrom: 2 } as const
let dir: string
let program: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-sealer-'))
  program = join(dir, 'ingest-worker.js')
  const entry = join(root, 'storage/backends/sqlite/ingest-worker.ts')
  // Packages are found from the project, wherever the bundle lies.
  await build({ entryPoints: [entry], bundle: true, platform: 'node', external: ['lz4-napi'], outfile: program, logLevel: 'error' })
})
afterAll(() => rm(dir, { recursive: true }))

const block = (n: number) => Array.from({ length: 3 + (n % 5) }, (_, i) => Buffer.from(`block=${n} event=${i} É ${'x'.repeat(n * 3)}`))
/** Jest compares buffers byte by byte, slowly. */
const shown = (s: SealedText) => ({
  ...s,
  raw: s.raw.toString('latin1'),
  terms: s.terms.toString(),
  postings: s.postings.toString('latin1'),
})
const terms = newSegmenter()
const expected = (texts: readonly Buffer[], segmentation?: Segmentation) => {
  const offsets = Uint32Array.from([0, ...texts.map((_t, i) => texts.slice(0, i + 1).reduce((n, t) => n + t.length, 0))])
  return shown(sealText({ data: Buffer.concat(texts), offsets, segmentation }, terms, SETTINGS))
}

test('the worker makes of many blocks what this thread makes of each, in their order', async () => {
  const sealer = new Sealer(SETTINGS, program)
  sealer.expect(100)
  expect(sealer.threaded).toBe(true)
  const blocks = Array.from({ length: 40 }, (_, n) => block(n * 37))
  const how = (i: number) => (['outer', 'none', undefined] as const)[i % 3]
  const sealed = await Promise.all(blocks.map((b, i) => sealer.seal(b, how(i))))
  expect(sealed.map(shown)).toEqual(blocks.map((b, i) => expected(b, how(i))))
  expect(sealed.slice(0, 3).map((s) => s.terms.includes('block=0'))).toEqual([true, false, false])
  expect((await sealer.seal(blocks[1]!, undefined, false, 'none')).raw).toEqual(Buffer.concat(blocks[1]!))
  expect(shown(sealed[2]!).terms.split(/ +/)).toEqual(expect.arrayContaining(['block=74', 'block', '74']))
  await sealer.close()
})

test('few blocks start no worker, and neither do many where its program is not there', async () => {
  const few = new Sealer(SETTINGS, program)
  few.expect(2)
  const none = new Sealer(SETTINGS, join(dir, 'nothing.js'))
  none.expect(1000)
  expect(shown(await few.seal(block(1)))).toEqual(expected(block(1)))
  expect(shown(await none.seal(block(2)))).toEqual(expected(block(2)))
  expect([few.threaded, none.threaded]).toEqual([false, false])
  await Promise.all([few.close(), none.close()])
})

test('many blocks a few at a time start one too', async () => {
  const sealer = new Sealer(SETTINGS, program)
  for (let i = 0; i < 3; i++) sealer.expect(7)
  expect(sealer.threaded).toBe(true)
  await sealer.close()
})

test('a worker that fails rejects what it was given, and this thread goes on', async () => {
  const broken = join(dir, 'broken.js')
  await build({ stdin: { contents: 'throw new Error("no such luck")' }, outfile: broken, logLevel: 'error' })
  const sealer = new Sealer(SETTINGS, broken)
  sealer.expect(100)
  await expect(sealer.seal(block(1))).rejects.toThrow('no such luck')
  expect(shown(await sealer.seal(block(1)))).toEqual(expected(block(1)))
  await sealer.close()
})
