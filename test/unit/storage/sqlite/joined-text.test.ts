import fc from 'fast-check'
import type { ByteSearch } from '../../../../spl/batch/byte-search'
import type { Codec } from '../../../../storage/backends/sqlite/codec'
import { JoinedText, joinable } from '../../../../storage/backends/sqlite/joined-text'
import { storedText } from '../../../support/joint-batch'

const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.integer({ min: 1, max: 400 }).map((n) => Buffer.alloc(n, 'ab')),
)
const text = fc.array(pieces, { maxLength: 6 }).map((p) => Buffer.concat(p))
const texts = fc.array(fc.tuple(fc.array(text, { minLength: 1, maxLength: 4 }), fc.constantFrom<Codec>('none', 'brotli', 'lz4')), {
  maxLength: 6,
})
type Blocks = readonly (readonly [readonly Buffer[], Codec])[]
const joinedOf = (blocks: Blocks) => new JoinedText(blocks.map(([b, codec]) => storedText(b, codec)))
const bytesOf = (blocks: Blocks) => Buffer.concat(blocks.flatMap(([b]) => b))
const same = (joined: JoinedText, wanted: Buffer) => expect(Buffer.compare(joined.bytes(), wanted)).toBe(0)

/** `<A>` and what stands up to the next `<`. */
const search: ByteSearch = {
  needle: Buffer.from('<A>'),
  parts: [
    { kind: 'literal', bytes: Buffer.from('<A>') },
    { kind: 'open', group: 1 },
    {
      kind: 'run',
      set: Uint8Array.from({ length: 256 }, (_, c) => (c === 60 ? 0 : 1)),
      least: 0,
      most: 1e9,
      possessive: false,
      lazy: false,
    },
    { kind: 'close', group: 1 },
  ],
  group: 1,
  keepsEmpty: false,
}
function foundIn(joined: JoinedText, rows: Uint32Array, s = search): [number, string][] {
  const found: [number, string][] = []
  expect(joined.search(s, rows, (row, data, start, end) => found.push([row, data.toString('latin1', start, end)]))).toBe(true)
  return found
}
const all = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

test('joined texts are what was compressed, one after another, whoever was asked meanwhile', () => {
  fc.assert(
    fc.property(texts, texts, (some, others) => {
      const joined = joinedOf(some)
      same(joined, bytesOf(some))
      joinedOf(others).bytes()
      same(joined, bytesOf(some))
      expect(joined.bytes()).toBe(joined.bytes())
    }),
    { numRuns: 200 },
  )
})

test('so many bytes may be joined as there is room for', () => {
  expect(joinable([300_000, 400_000])).toBe(true)
  expect(joinable([600_000])).toBe(false)
  expect(joinable(Array.from({ length: 16 }, () => 500_000))).toBe(false)
  const large = Array.from({ length: 12 }, (_, i) => [Buffer.alloc(500_000, `block ${i} `)])
  expect(joinable(large.map(([b]) => b!.length))).toBe(true)
  same(new JoinedText(large.map((b) => storedText(b))), Buffer.concat(large.flat()))
})

test('what is found is told event by event, the first time, again, and after other texts', () => {
  const blocks = [['<A>one<', 'nothing', '<A><A>two'], ['x<A>three'], ['<A', '>', '', '<A>é<A>'], ['<a>']].map((b) =>
    b.map((t) => Buffer.from(t)),
  )
  const joined = new JoinedText(blocks.map((b) => storedText(b)))
  const wanted = [
    [0, 'one'],
    [3, 'three'],
    [7, Buffer.from('é').toString('latin1')],
  ]
  for (let i = 0; i < 3; i++) {
    expect(foundIn(joined, all(9))).toEqual(wanted)
    if (i === 1) foundIn(new JoinedText([storedText([Buffer.from('<A>else')])]), all(1))
  }
  expect(foundIn(joined, Uint32Array.of(1, 3, 6))).toEqual([wanted[1]])
  expect(foundIn(joined, new Uint32Array(0))).toEqual([])
})

test('a search that there is no room for is left to others', () => {
  const joined = new JoinedText([storedText([Buffer.from('<A>x')])])
  const long = { ...search, needle: Buffer.alloc(10_000, 'a') }
  expect(joined.search(long, all(1), () => {})).toBe(false)
  expect(joined.search({ ...search, parts: Array.from({ length: 100 }, () => search.parts[0]!) }, all(1), () => {})).toBe(false)
  expect(joined.search({ ...search, parts: Array.from({ length: 65 }, () => search.parts[2]!) }, all(1), () => {})).toBe(false)
  expect(foundIn(joined, all(1))).toEqual([[0, 'x']])
})

test('a damaged text is told, and none is taken for whole afterwards', () => {
  const good = storedText(Array.from({ length: 20 }, (_, i) => Buffer.from(`${i} <A>one two three ${'and more '.repeat(i)}`)))
  const whole = new JoinedText([good])
  fc.assert(
    fc.property(fc.nat(good.raw.length - 5), fc.integer({ min: 1, max: 255 }), fc.nat(60), fc.boolean(), (at, change, cut, offsets) => {
      const raw = Buffer.from(good.raw.subarray(0, good.raw.length - cut))
      if (at + 4 < raw.length) raw[at + 4] = raw[at + 4]! ^ change
      const offs = Buffer.from(good.offs)
      if (offsets) offs[at % offs.length] = offs[at % offs.length]! ^ change
      const joined = new JoinedText([good, { ...good, raw, offs }])
      for (const job of [
        () => joined.search(search, all(40), () => {}),
        () => joined.bytes(),
        () => joined.search(search, all(40), () => {}),
      ])
        try {
          // What is as long as it should be passes: only a checksum would tell.
          job()
        } catch (e) {
          expect(e).toMatchObject({ name: 'StoreError', code: 'damaged' })
        }
      expect(foundIn(whole, all(20))).toHaveLength(20)
    }),
    { numRuns: 300 },
  )
  expect(() => new JoinedText([{ ...good, raw: good.raw.subarray(0, 12) }]).bytes()).toThrow('cannot be decompressed')
})
