import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { LocalHead } from '../../search/local-head'
import { RawText } from '../../search/raw-text'
import { rowsOf } from '../../spl/batch/batch'
import { openStore } from '../../storage/backends/sqlite/store'
import { pages, query } from '../contract/event-store'
import { eventBytes } from '../support/term-reference'

const BOM = Buffer.from('\ufeff')
const anyBytes = fc.oneof(
  eventBytes,
  fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b)),
  eventBytes.map((b) => Buffer.concat([BOM, b])),
)
/** Cut at these places, in any order and more than once. */
function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
}
const withoutMark = (bytes: Buffer) => (bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes)

test('bytes in any chunks come out as they came, and characters are characters', () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
      const raw = new RawText()
      const text = chunks(bytes, cuts)
        .map((c) => raw.decode(c))
        .concat(raw.end())
        .join('')
      expect(Buffer.from(raw.encode(text)).equals(withoutMark(bytes))).toBe(true)
      expect(text.replace(/[\udc80-\udcff]/gu, '')).toBe(new RawText().decode(Buffer.from(withoutOdd(bytes))))
    }),
    { numRuns: 500 },
  )
})
/** What is left when bytes that are no UTF-8 are taken out: by the decoder of the platform, of each that it cannot read. */
function withoutOdd(bytes: Buffer): Buffer {
  const kept: Buffer[] = []
  const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const reads = (from: number, to: number) => {
    try {
      return [...fatal.decode(bytes.subarray(from, to))].length === 1
    } catch {
      return false
    }
  }
  const start = bytes.length - withoutMark(bytes).length
  for (let i = start; i < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => i + n <= bytes.length && reads(i, i + n))
    if (length !== undefined) kept.push(bytes.subarray(i, i + length))
    i += length ?? 1
  }
  return Buffer.concat([BOM, ...kept])
}

test('raw data is kept byte for byte, line by line', async () => {
  const db = await mkdtemp(join(tmpdir(), 'headstand-raw-'))
  const head = new LocalHead({ db })
  const writer = await head.raw({ index: 'main', host: 'h', source: 's', sourcetype: 'lines', time: 1_700_000_000 })
  const lines = [Buffer.from([0x61, 0xff, 0xc3]), Buffer.from('plain É'), Buffer.from([0xe2, 0x82, 0x20, 0xf0, 0x9f, 0x98, 0x80])]
  const all = Buffer.concat(lines.flatMap((l) => [Buffer.from('2023-11-14 10:00:00 '), l, Buffer.from('\n')]))
  for (let i = 0; i < all.length; i++) await writer.write(all.subarray(i, i + 1))
  expect(await writer.end()).toBe(3)
  await head.close()

  const store = await openStore(db)
  const kept = (await pages(store, query())).flat().flatMap(({ batch }) => {
    const { data, offsets } = batch.bytes!()!
    return [...rowsOf(batch)].map((row) => Buffer.from(data.subarray(offsets[row]! + 20, offsets[row + 1])).toString('latin1'))
  })
  expect(kept.sort()).toEqual(lines.map((l) => l.toString('latin1')).sort())
  await store.close()
  await rm(db, { recursive: true })
})
