import fc from 'fast-check'
import { fold } from '../../spl/segments/fold'
import type { Segmentation } from '../../spl/segments/segmentation'
import { indexTerm, TermSet } from '../../spl/segments/term-set'
import { compileTerm } from '../../spl/segments/terms'
import { blockText } from '../../storage/matching/block-text'
import { matcherOf } from '../../storage/matching/term-matcher'
import { asked, eventBytes, kind, LONG, pieces, reference, segmentation, termsOf } from '../support/term-reference'

/** An event as a store has it: its bytes, and how they are cut. */
interface Event {
  readonly bytes: Buffer
  readonly how: Segmentation
}
const event = fc.record({ bytes: eventBytes, how: segmentation })
const events = fc.array(event, { minLength: 1, maxLength: 5 })
const inFull = (...texts: string[]): Event[] => texts.map((t) => ({ bytes: Buffer.from(t), how: 'full' }))
const textOf = (e: Event) => e.bytes.toString('utf8')

function setOf(all: readonly Event[], set = new TermSet(4)): TermSet {
  for (const { bytes, how } of all) set.add(bytes, 0, bytes.length, how)
  return set
}
const indexed = (term: string) => Buffer.from(indexTerm(term)).toString()

test('the index of bytes holds the folded terms of the text, no more and no less', () => {
  fc.assert(
    fc.property(events, (all) => {
      const found: string[] = []
      setOf(all).each((t) => found.push(t))
      const wanted = new Set(all.flatMap((e) => [...termsOf(fold(textOf(e)), e.how)]).map(indexed))
      expect(new Set(found)).toEqual(wanted)
      expect(found.length).toBe(wanted.size)
    }),
    {
      numRuns: 500,
      examples: [
        [inFull(...LONG.map((t) => `${t} É.${t}`))],
        [inFull('a\u00a0')],
        [inFull('\ufeff')],
        [['intermediate' as const, 'full' as const].map((how) => ({ bytes: Buffer.from('%25'), how }))],
      ],
    },
  )
})

/** Of these no posting is kept: what the index holds is not the whole term. */
const unsure = (term: string) => indexed(term).includes('*') || Buffer.byteLength(term) > 31_000

test('postings say of each term which events hold it', () => {
  const set = new TermSet(4, true)
  fc.assert(
    // As in a block, whose events are all cut in one way.
    fc.property(fc.array(event, { maxLength: 40 }), segmentation, fc.integer({ min: 1, max: 3 }), (some, how, least) => {
      const all = some.map((e) => ({ ...e, how }))
      set.reset() // the same set again and again, as in a writer
      setOf(all, set)
      const found: Record<string, number[]> = {}
      set.postings(least, (term, count, bits) => {
        const rows = all.map((_t, i) => i).filter((i) => (bits[i >> 5]! >>> (i & 31)) & 1)
        expect(rows).toHaveLength(count)
        found[Buffer.from(term).toString()] = rows
      })
      const wanted: Record<string, number[]> = {}
      for (const [i, e] of all.entries())
        for (const term of termsOf(fold(textOf(e)), e.how)) if (!unsure(term)) (wanted[term] ??= []).push(i)
      expect(found).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, rows]) => rows.length >= least)))
    }),
  )
})

test('a text folds to the same whole or term by term', () => {
  fc.assert(fc.property(pieces, segmentation, (t, how) => expect(new Set([...termsOf(t, how)].map(fold))).toEqual(termsOf(fold(t), how))))
})

test('a keyword, phrase or TERM finds what the rule says', () => {
  fc.assert(
    fc.property(fc.record({ kind, wanted: asked, exactCase: fc.boolean() }), event, (t, e) => {
      expect(compileTerm(t.kind, t.wanted, t.exactCase).testAs(e.how, textOf(e))).toBe(reference(t, textOf(e), e.how))
    }),
    { numRuns: 1000 },
  )
})

test('bytes and text agree, with and without case', () => {
  fc.assert(
    fc.property(fc.record({ kind, wanted: asked, exactCase: fc.boolean() }), events, fc.boolean(), (t, some, mixed) => {
      const all = mixed ? some : some.map((e) => ({ ...e, how: 'full' as const }))
      const term = compileTerm(t.kind, t.wanted, t.exactCase)
      const offsets = new Uint32Array(all.length + 1)
      for (const [i, e] of all.entries()) offsets[i + 1] = offsets[i]! + e.bytes.length
      const data = Buffer.concat(all.map((e) => e.bytes))
      const text = blockText(data, offsets, !setOf(all).foldsMore, mixed ? (row) => all[row]!.how : undefined)
      expect([...matcherOf(term)(text)].map(Boolean)).toEqual(all.map((e) => term.testAs(e.how, textOf(e))))
    }),
    { numRuns: 1000 },
  )
})

test('an event that matches holds the terms that the index is asked for', () => {
  fc.assert(
    fc.property(kind, asked, event, (k, w, e) => {
      const term = compileTerm(k, w)
      if (!term.testAs(e.how, textOf(e)) || !term.needs || !('all' in term.needs)) return
      const set = setOf([e])
      for (const n of term.needs.all) if ('term' in n && !n.wildcard) expect(set.has(indexTerm(n.term))).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('any bytes are cut like the text that they decode to', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), segmentation, (bytes, how) => {
      const e = { bytes: Buffer.from(bytes), how }
      const found = new Set<string>()
      setOf([e]).each((t) => found.add(t))
      expect(found).toEqual(new Set([...termsOf(fold(textOf(e)), how)].map(indexed)))
    }),
    { numRuns: 1000 },
  )
})
