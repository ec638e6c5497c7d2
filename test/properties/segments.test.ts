import fc from 'fast-check'
import { eachTerm, searchSegments } from '../../spl/segments/cut'
import { fold } from '../../spl/segments/fold'
import { indexTerm, TermSet } from '../../spl/segments/term-set'
import { compileTerm, type TermKind } from '../../spl/segments/terms'
import { blockText } from '../../storage/matching/block-text'
import { matcherOf } from '../../storage/matching/term-matcher'

/** Texts that are mostly made of breakers, of pieces of breakers, and of letters whose case is not simple. */
const PIECES = [...'a B ab 1 20 2 % %2 %20 %25 %2520 %3b - -- . / " < > = _ 5D é É Σ ς K İ ® \0 😀'.split(' '), ' ']
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((a) => a.join(''))
const asked = fc.array(fc.constantFrom(...PIECES, '*', '*'), { minLength: 1, maxLength: 4 }).map((a) => a.join(''))
const kind = fc.constantFrom<TermKind>('word', 'phrase', 'term', 'tokens')

const utf8 = (t: string) => Buffer.from(t)
const termsOf = (t: string) => {
  const found = new Set<string>()
  eachTerm(t, (term) => found.add(term))
  return found
}
const setOf = (...texts: string[]) => {
  const set = new TermSet(4)
  for (const t of texts) set.add(utf8(t), 0, utf8(t).length)
  return set
}

test('the index of bytes holds the folded terms of the text, no more and no less', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      const found: string[] = []
      setOf(...texts).each((t) => found.push(t))
      const wanted = new Set(texts.flatMap((t) => [...termsOf(fold(t))]).map((t) => Buffer.from(indexTerm(t)).toString()))
      expect(new Set(found)).toEqual(wanted)
      expect(found.length).toBe(wanted.size)
    }),
  )
})

test('postings say of each term which events hold it', () => {
  const set = new TermSet(4, true)
  fc.assert(
    fc.property(fc.array(text, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (texts, least) => {
      set.reset() // the same set again and again, as in a writer
      for (const t of texts) set.add(utf8(t), 0, utf8(t).length)
      const found: Record<string, number[]> = {}
      set.postings(least, (term, count, bits) => {
        const rows = texts.map((_t, i) => i).filter((i) => (bits[i >> 5]! >>> (i & 31)) & 1)
        expect(rows).toHaveLength(count)
        found[Buffer.from(term).toString()] = rows
      })
      const wanted: Record<string, number[]> = {}
      for (const [i, t] of texts.entries()) for (const term of termsOf(fold(t))) if (!term.includes('\0')) (wanted[term] ??= []).push(i)
      expect(found).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, rows]) => rows.length >= least)))
    }),
  )
})

test('a text folds to the same whole or term by term', () => {
  fc.assert(fc.property(text, (t) => expect(new Set([...termsOf(t)].map(fold))).toEqual(termsOf(fold(t)))))
})

/** The rule as the reference words it, straight from the terms of the event. */
function reference(k: TermKind, wanted: string, t: string): boolean {
  const folded = fold(t)
  const terms = termsOf(folded)
  const like = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((p) => p.replace(/[^\w]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`))
        .join('[^]*')}$`,
      'u',
    )
  const has = (pattern: string) => [...terms].some((x) => like(pattern).test(x))
  const w = fold(wanted)
  if (k === 'term' && !/\s/.test(w)) return /^\*+$/.test(w) || (has(w) && w !== '')
  const pieces = searchSegments(w).map((s) => s.text)
  const allIn = pieces.every((p) => /^\*+$/.test(p) || has(p))
  const single = pieces.length === 1 && pieces[0] === w
  return allIn && (k === 'tokens' || single || like(`*${w}*`).test(folded))
}

test('a keyword, phrase or TERM finds what the rule says', () => {
  fc.assert(
    fc.property(kind, asked, text, (k, w, t) => {
      expect(compileTerm(k, w).test(t)).toBe(reference(k, w, t))
    }),
    { numRuns: 1000 },
  )
})

test('bytes and text agree, with and without case', () => {
  fc.assert(
    fc.property(kind, asked, fc.boolean(), fc.array(text, { minLength: 1, maxLength: 4 }), (k, w, exactCase, texts) => {
      const term = compileTerm(k, w, exactCase)
      const data = utf8(texts.join(''))
      const offsets = Uint32Array.from([0, ...texts.map((_, i) => utf8(texts.slice(0, i + 1).join('')).length)])
      const mask = matcherOf(term)(blockText(data, offsets, !setOf(...texts).foldsMore))
      expect([...mask].map(Boolean)).toEqual(texts.map((t) => term.test(t)))
    }),
    { numRuns: 1000 },
  )
})

test('an event that matches holds the terms that the index is asked for', () => {
  fc.assert(
    fc.property(kind, asked, text, (k, w, t) => {
      const term = compileTerm(k, w)
      if (!term.test(t) || !term.needs || !('all' in term.needs)) return
      const set = setOf(t)
      for (const n of term.needs.all) if ('term' in n && !n.wildcard) expect(set.has(indexTerm(n.term))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('invalid UTF-8 is cut like the text that it decodes to', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const set = new TermSet(4)
      set.add(bytes, 0, bytes.length)
      const found = new Set<string>()
      set.each((t) => found.add(t))
      const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      expect(found).toEqual(new Set([...termsOf(fold(decoded))].map((t) => Buffer.from(indexTerm(t)).toString())))
    }),
    { numRuns: 500 },
  )
})
