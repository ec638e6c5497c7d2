import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import fc from 'fast-check'
import { CODECS, type Codec, canCompress, compress } from '../../../../storage/backends/sqlite/codec'
import { HeldText } from '../../../../storage/backends/sqlite/held-text'
import { StoreError } from '../../../../storage/event-store'

const held = (text: Buffer, codec: Codec = 'lz4') => new HeldText(compress(text, codec), CODECS[codec], text.length)
const same = (text: HeldText, wanted: Buffer) => expect(Buffer.compare(text.bytes(), wanted)).toBe(0)

test('the code is what its source compiles to', async () => {
  const script = join(__dirname, '..', '..', '..', '..', 'scripts', 'wasm.mjs')
  const child = spawn(process.execPath, [script, '--check'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text
    // Its end is not waited for: Node's own may hang (nodejs/node#54918).
    if (said.split('\n').length > 4) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(said).toBe('lz4-code.ts fits\nblock-terms-code.ts fits\nfolded-search-code.ts fits\nframe-search-code.ts fits\n')
})

const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  // Runs, near and far repeats: matches that overlap with what they write, and lengths that take several bytes.
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 400 }))
    .map(([b, n]) => Buffer.concat(Array(n).fill(b))),
)
const hasZstd = canCompress('zstd')
const codecs: readonly Codec[] = ['none', 'brotli', 'lz4', ...(hasZstd ? ['zstd' as const] : [])]
if (!hasZstd) console.log('zstd is not tested: this version of Node does not have it')
test('a text is what was compressed, with each codec', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), fc.constantFrom(...codecs), (parts, codec) => {
      const text = Buffer.concat(parts)
      same(held(text, codec), text)
    }),
    { numRuns: 500 },
  )
})

test('texts may be asked for in any sequence, more of them than are held, also large ones', () => {
  const random = (n: number) => Buffer.from(Array.from({ length: n }, (_, i) => (i * 7919 + n) % 251))
  const texts = Array.from({ length: 80 }, (_, i) => random(1000 + i * 300))
  texts.push(
    random(700_000),
    Buffer.alloc(3_000_000, 'abcdefgh '),
    Buffer.from(Array.from({ length: 600_000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24)),
  )
  const all = texts.map((t) => held(t))
  for (const step of [1, 7, 31])
    for (let i = 0; i < texts.length; i++) same(all[(i * step) % texts.length]!, texts[(i * step) % texts.length]!)
  const first = all[0]!.bytes()
  expect(all[0]!.bytes()).toBe(first)
})

test('a damaged text is told, and the next one is read', () => {
  const text = Buffer.from(Array.from({ length: 2000 }, (_, i) => `${i} two three`).join(' '))
  const good = compress(text, 'lz4')
  fc.assert(
    fc.property(fc.nat(good.length - 5), fc.integer({ min: 1, max: 255 }), fc.nat(60), (at, change, cut) => {
      const bad = Buffer.from(good.subarray(0, good.length - cut))
      if (at + 4 < bad.length) bad[at + 4] = bad[at + 4]! ^ change
      try {
        // What is as long as it should be passes: only a checksum would tell.
        expect(new HeldText(bad, CODECS.lz4, text.length).bytes()).toHaveLength(text.length)
      } catch (e) {
        expect(e).toBeInstanceOf(StoreError)
        expect(e).toMatchObject({ code: 'damaged' })
      }
      same(held(text), text)
    }),
    { numRuns: 300 },
  )
  expect(() => new HeldText(good.subarray(0, 20), CODECS.lz4, text.length).bytes()).toThrow('cannot be decompressed')
})

test('a block of a codec that cannot be read says so', () => {
  const text = Buffer.from('text')
  expect(() => new HeldText(text, 99, 4).bytes()).toThrow('A block is written with codec 99, which this version does not know.')
  if (!hasZstd) expect(() => new HeldText(text, CODECS.zstd, 4).bytes()).toThrow('which this version of Node does not have')
})
