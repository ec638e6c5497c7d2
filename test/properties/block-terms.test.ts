import fc from 'fast-check'
import { TermSet } from '../../spl/segments/term-set'
import { BlockTerms } from '../../storage/backends/sqlite/block-terms'
import { eventBytes, LONG } from '../support/term-reference'

interface Filled {
  readonly foldsMore: boolean
  text(): Uint8Array
  postings: TermSet['postings']
}
/** What a set says, in no order. */
function said(of: Filled, least: number) {
  const terms = Buffer.from(of.text()).toString('latin1').split(' ').filter(Boolean)
  const postings: string[] = []
  of.postings(least, (term, count, bits) => postings.push(`${Buffer.from(term).toString('latin1')} ${count} ${bits.join()}`))
  return { foldsMore: of.foldsMore, terms: terms.sort(), postings: postings.sort() }
}
function offsetsOf(texts: readonly Uint8Array[]): Uint32Array {
  const offsets = new Uint32Array(texts.length + 1)
  texts.forEach((t, i) => {
    offsets[i + 1] = offsets[i]! + t.length
  })
  return offsets
}

const fast = new BlockTerms()
/** Undefined: the fast one has no room. */
function both(texts: readonly Uint8Array[], least = 1) {
  const slow = new TermSet(4, true)
  for (const t of texts) slow.add(t, 0, t.length)
  const wanted = said(slow, least)
  if (!fast.fill(Buffer.concat(texts), offsetsOf(texts))) return undefined
  const found = said(fast, least)
  fast.reset()
  return { found, wanted }
}
function expectSame(texts: readonly Uint8Array[], least = 1): void {
  const { found, wanted } = both(texts, least)!
  expect(found).toEqual(wanted)
}

test('blocks have the terms and postings of the term set', () => {
  fc.assert(
    fc.property(fc.array(eventBytes, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (texts, least) => {
      const sets = both(texts, least)
      if (sets) expect(sets.found).toEqual(sets.wanted)
      else expect(texts.some((t) => t.length > 10_000)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('every byte, at every place of sixteen, before and behind a term', () => {
  const around = (byte: number) =>
    Array.from({ length: 20 }, (_, n) => Buffer.from([...'a'.repeat(n)].map((c) => c.charCodeAt(0)).concat([byte, 66, byte, byte, 99])))
  for (let byte = 0; byte < 256; byte++) expectSame(around(byte))
  // Encoded breakers, whole and cut off at the end.
  for (const text of ['a%20b', 'a%2', 'a%', 'a%2520b', 'x--y---z--', '-', '--', '%', 'a%2Fb'])
    for (let n = 0; n < 18; n++) expectSame([Buffer.from('z'.repeat(n) + text), Buffer.from(text)])
})

test('as many terms as blocks hold; of more it says that it has no room, and is empty then', () => {
  const words = (n: number, from = 0) => Buffer.from(Array.from({ length: n }, (_, i) => `w${i + from}.x${i % 100}`).join(' '))
  expectSame([words(5000), words(6000, 3000), words(10)], 2)
  expect(both([words(90_000)])).toBeUndefined()
  expect(both([Buffer.alloc(1 << 21, 'ab ')])).toBeUndefined()
  expect(both(LONG.map((t) => Buffer.from(t)))).toBeUndefined()
  expect(both(Array.from({ length: 300 }, () => Buffer.from('a')))).toBeUndefined()
  expectSame([Buffer.from('after that')])
  // The table is as full as it may be.
  const plain = (n: number) => Buffer.from(Array.from({ length: n }, (_, i) => i.toString(36)).join(' '))
  for (const n of [65_535, 65_536]) expectSame([plain(n), plain(1000)])
  expect(both([plain(65_537)])).toBeUndefined()
  expectSame([plain(3000)])
})
