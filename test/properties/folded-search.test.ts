import fc from 'fast-check'
import { FoldedText } from '../../storage/matching/folded-search'

const lower = (bytes: Uint8Array) => Buffer.from(bytes.map((c) => (c >= 65 && c <= 90 ? c + 32 : c)))
function wanted(text: Uint8Array, needle: Uint8Array, from: number, to: number): number {
  const at = lower(text).subarray(0, to).indexOf(needle, from)
  return at >= from ? at : -1
}

// Few bytes, so that much is found; those beside the letters, and past ASCII, that a careless fold would confuse.
const byte = fc.constantFrom(...Buffer.from('aAbBzZ@[`{ .\r\x00'), 0xc3, 0xa9, 0x89, 0xe1, 0xff)
const bytes = (maxLength: number) => fc.array(byte, { maxLength }).map((b) => Buffer.from(b))

test('what is found is what is found in the text in lower case', () => {
  fc.assert(
    fc.property(
      fc.array(bytes(120), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(2), fc.nat(120), fc.nat(40), fc.nat(130), fc.nat(130), fc.boolean(), bytes(4)), { maxLength: 12 }),
      (texts, asked) => {
        const folded = texts.map((t) => new FoldedText(t))
        for (const [n, at, length, a, b, cut, other] of asked) {
          const text = texts[n % texts.length]!
          // Mostly a piece of the text: else little of any length is found.
          const needle = lower(cut ? text.subarray(at % (text.length + 1), (at % (text.length + 1)) + length) : other)
          if (needle.length === 0) continue
          const [from, to] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)]
          expect(folded[n % texts.length]!.find(needle, from, to)).toBe(wanted(text, needle, from, to))
        }
      },
    ),
    { numRuns: 3000 },
  )
})

test('large texts, and needles longer than it has room for', () => {
  const text = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => 65 + ((i * 7919 + (i >> 9)) % 58)))
  const folded = new FoldedText(text)
  for (const length of [1, 16, 17, 5000, 32_752, 32_753, 200_000]) {
    const needle = lower(text.subarray(2_500_000, 2_500_000 + length))
    expect([length, folded.find(needle, 0, text.length)]).toEqual([length, wanted(text, needle, 0, text.length)])
    expect([length, folded.find(needle, 2_500_001, 2_500_000 + length)]).toEqual([length, -1])
  }
})
