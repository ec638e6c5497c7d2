import fc from 'fast-check'
import { searchSegments } from '../../spl/segments/cut'
import { fold } from '../../spl/segments/fold'
import type { Segmentation } from '../../spl/segments/segmentation'
import type { TermKind } from '../../spl/segments/terms'

/** Texts that are mostly made of breakers, of pieces of breakers, and of letters whose case is not simple. */
export const PIECES = [...'a B ab 1 20 2 3a 3A % %2 %20 %25 %2520 %3b %3A - -- . / " < > = _ 5D é É Σ ς K İ ® \0 😀'.split(' '), ' ']
export const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((a) => a.join(''))
export const asked = fc.array(fc.constantFrom(...PIECES, '*', '*'), { minLength: 1, maxLength: 4 }).map((a) => a.join(''))
export const kind = fc.constantFrom<TermKind>('word', 'phrase', 'term', 'tokens')
export const segmentation = fc.constantFrom<Segmentation>('full', 'intermediate', 'inner', 'outer', 'none')

/** Bytes that are no UTF-8: alone, cut short, a surrogate, too long a form. */
const BROKEN = [[0xff], [0xc3], [0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xc0, 0xaf]].map((b) => Buffer.from(b))
const CONTROL = ['\x01', '\x1b', '\x7f', '\t', '\ufeff'].map((c) => Buffer.from(c))
/** Terms past any limit of an index, of letters of one byte and of two. */
export const LONG = ['a'.repeat(33_000), 'é'.repeat(17_000)]
/** What an event may hold: mostly pieces of text, now and then what is none, seldom very much of it. */
export const eventBytes = fc
  .array(
    fc.oneof(
      { weight: 300, arbitrary: fc.constantFrom(...PIECES).map((p) => Buffer.from(p)) },
      { weight: 50, arbitrary: fc.constantFrom(...BROKEN, ...CONTROL) },
      { weight: 1, arbitrary: fc.constantFrom(...LONG).map((p) => Buffer.from(p)) },
    ),
    { maxLength: 14 },
  )
  .map((parts) => Buffer.concat(parts))

/** segmenters.conf, word by word: sequences before characters. */
const SHORT = '%2526|%2520|%(?:21|26|3b|7c|20|2b|3d)|--'
const MAJORS = '[\\[\\]<>(){}|!;,\'"*\\n\\r \\t&?+]'
const MINORS = '[/:=@.\\-$#%\\\\_]'
const cutBy = (text: string, breakers: string) => text.split(new RegExp(breakers, 'i')).filter((t) => t !== '')
const fullMajors = (text: string) => cutBy(text, `${SHORT}|%(?:5d|5b|3a|0a|2c|28|29)|${MAJORS}`)
const beginnings = (term: string) => [...term.matchAll(new RegExp(MINORS, 'g'))].map((m) => term.slice(0, m.index)).filter((t) => t !== '')
const full = (text: string) => fullMajors(text).flatMap((term) => [term, ...cutBy(term, MINORS)])
const CUT: Readonly<Record<Segmentation, (text: string) => string[]>> = {
  full,
  intermediate: (text) => [...full(text), ...fullMajors(text).flatMap(beginnings)],
  inner: (text) => cutBy(text, `${SHORT}|${MAJORS}|${MINORS}`),
  outer: (text) => cutBy(text, `${SHORT}|${MAJORS}`),
  none: () => [],
}
/** The terms of a text, in its case. */
export const termsOf = (text: string, how: Segmentation = 'full'): Set<string> => new Set(CUT[how](text))

/** Whether an event matches, as the reference words it, straight from its terms. */
export function reference(
  { kind: k, wanted, exactCase }: { readonly kind: TermKind; readonly wanted: string; readonly exactCase: boolean },
  text: string,
  how: Segmentation,
): boolean {
  const seen = exactCase ? text : fold(text)
  const w = exactCase ? wanted : fold(wanted)
  const terms = termsOf(seen, how)
  const has = (pattern: string) => [...terms].some((x) => like(pattern).test(x))
  // A TERM() is read by the rules of [full] whatever the event was cut by: with one of its major breakers inside it finds nothing.
  const whole = w.split('*').every((p) => p === '' || fullMajors(p)[0] === p)
  if (k === 'term' && !/\s/.test(w)) return whole && (/^\*+$/.test(w) || (has(w) && w !== ''))
  const segments = searchSegments(w).map((s) => s.text)
  const allIn = segments.every((p) => /^\*+$/.test(p) || has(p))
  const single = segments.length === 1 && segments[0] === w
  return allIn && (k === 'tokens' || single || like(`*${w}*`).test(seen))
}

function like(pattern: string): RegExp {
  const escaped = (p: string) => p.replace(/[^\w]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
  return new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`, 'u')
}
