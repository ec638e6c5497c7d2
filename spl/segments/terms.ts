import { hasWildcard, wildcard } from '../values/wildcard'
import { type Codes, classOf, endsMajor, endsTerm, MAJOR, MINOR, startsMajor, startsTerm, TextCodes } from './breakers'
import { eachTerm, holdsMajor, type Segment, searchSegments } from './cut'
import { fold, foldedText } from './fold'
import type { Segmentation } from './segmentation'

/**
 * `word`, `phrase`: every term that the text is cut into stands in the event, and the text itself where it holds a breaker.
 * `term`: TERM(), one entry of the lexicon. `tokens`: the terms alone, what a field's value asks of the event in the first search.
 */
export type TermKind = 'word' | 'phrase' | 'term' | 'tokens'

/** Terms that a matching event must hold, for an index: lower case; with `wildcard` a term may hold `*`. `Terms` of a predicate has the same shape. */
export type NeededTerms =
  | { readonly all: readonly NeededTerms[] }
  | { readonly any: readonly NeededTerms[] }
  | { readonly term: string; readonly wildcard: boolean }

/** One term to be found among the terms of an event. */
export interface TermPattern {
  readonly pattern: string
  /** The pattern between its stars; the texts stand in the event's case when the test does, else folded. */
  readonly parts: readonly string[]
  /** It holds a minor breaker, so that only a whole major term can be it. */
  readonly major: boolean
  /** How it is found: by its borders in the text, or only among the terms that the text is cut into. */
  readonly by: 'exact' | 'prefix' | 'terms'
  matches(term: string): boolean
}

/** A keyword, phrase or TERM(), ready to be tested on texts; a store tests the same data on bytes. */
export interface TermTest {
  /** Nothing can match: a TERM() with a major breaker inside. */
  readonly never: boolean
  readonly exactCase: boolean
  /** The terms that `literal` does not imply in an event that is cut in full. */
  readonly terms: readonly TermPattern[]
  /** All terms. */
  readonly all: readonly TermPattern[]
  /** Pieces that must follow one another in the text; empty when the terms decide. */
  readonly literal: readonly string[]
  /** What an index must hold for an event to match; undefined when it cannot tell. */
  readonly needs: NeededTerms | undefined
  /** The terms of an event decide: no look at its text is needed. */
  readonly decidedByTerms: boolean
  test(text: string): boolean
  /** The same for an event that was cut otherwise than in full. */
  testAs(how: Segmentation, text: string): boolean
}

/** @param exactCase CASE(): the text counts as it is written */
export function compileTerm(kind: TermKind, text: string, exactCase = false): TermTest {
  const wanted = exactCase ? text : fold(text)
  // A blank inside TERM() makes it a phrase.
  if (kind === 'term' && !/\s/.test(text)) return termTest(wanted, exactCase)
  return phraseTest(wanted, exactCase, kind !== 'tokens')
}

const NEVER: NeededTerms = { any: [] }

function termTest(wanted: string, exactCase: boolean): TermTest {
  const never = wanted === '' || holdsMajor(wanted)
  const terms = !never && /[^*]/.test(wanted) ? [patternOf(wanted)] : []
  return withTest({ never, exactCase, terms, all: terms, literal: [], needs: never ? NEVER : needsOf(terms), decidedByTerms: !exactCase })
}

function phraseTest(wanted: string, exactCase: boolean, whole: boolean): TermTest {
  const segments = searchSegments(wanted).filter((s) => /[^*]/.test(s.text))
  const single = segments.length === 1 && segments[0]!.text === wanted
  const literal = whole && !single ? wanted.split(/\*+/).filter((p) => p !== '') : []
  const all = distinct(segments)
  const asked = literal.length > 0 ? distinct(segments.filter((s) => !implied(s, wanted))) : all
  return withTest({
    never: false,
    exactCase,
    terms: asked,
    all,
    literal,
    needs: needsOf(all),
    decidedByTerms: !exactCase && literal.length === 0,
  })
}

/** A term with breakers on both sides inside the literal text stands wherever that text does. */
const implied = (s: Segment, wanted: string) => s.start > 0 && s.end < wanted.length && !hasWildcard(s.text)

const distinct = (segments: readonly Segment[]) => [...new Set(segments.map((s) => s.text))].map(patternOf)

function needsOf(terms: readonly TermPattern[]): NeededTerms | undefined {
  if (terms.length === 0) return undefined
  return { all: terms.map((t) => ({ term: fold(t.pattern), wildcard: t.parts.length > 1 })) }
}

function patternOf(pattern: string): TermPattern {
  const parts = pattern.split(/\*+/)
  const test = wildcard(pattern)
  const major = holdsMinor(pattern)
  const exact = parts.length === 1
  const prefix = parts.length === 2 && parts[1] === '' && !continues(parts[0]!)
  return { pattern, parts, major, by: exact ? 'exact' : prefix ? 'prefix' : 'terms', matches: (term) => test.test(term) }
}

function holdsMinor(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (classOf(text.charCodeAt(i)) === MINOR) return true
  return false
}

/** The end of the text may be the beginning of a breaker (`a-` of `a--b`, `a%2` of `a%20b`), which borders alone do not show. */
const continues = (text: string) => /(?:-|%[0-9a-f]{0,3})$/i.test(text)

function withTest(t: Omit<TermTest, 'test' | 'testAs'>): TermTest {
  const testAs = (how: Segmentation, text: string) => {
    if (t.never) return false
    const seen = t.exactCase ? text : foldedText(text)
    if (!holdsPieces(seen, t.literal)) return false
    return how === 'full' ? t.terms.every((p) => holdsTerm(seen, p)) : t.all.every((p) => among(termsOf(seen, how), p))
  }
  return { ...t, testAs, test: (text) => testAs('full', text) }
}

const among = (terms: ReadonlySet<string>, p: TermPattern): boolean =>
  p.parts.length === 1 ? terms.has(p.pattern) : [...terms].some((term) => p.matches(term))

let lastTerms: { readonly text: string; readonly how: Segmentation; readonly terms: ReadonlySet<string> } | undefined
/** Of a text that was not cut in full, which few are; the words of one search ask for the same event one after another. */
function termsOf(text: string, how: Segmentation): ReadonlySet<string> {
  if (lastTerms?.text !== text || lastTerms.how !== how) {
    const terms = new Set<string>()
    eachTerm(text, (term) => terms.add(term), how)
    lastTerms = { text, how, terms }
  }
  return lastTerms.terms
}

/** Whether the pieces follow one another in the text: what `*` between them stands for may be anything. */
export function holdsPieces(text: string, pieces: readonly string[]): boolean {
  let at = 0
  for (const piece of pieces) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return true
}

/** Whether the terms of a text (folded as the pattern is) hold the pattern. */
export function holdsTerm(text: string, p: TermPattern): boolean {
  if (p.by === 'terms') return holdsPieces(text, p.parts) && someTerm(text, p)
  const needle = p.parts[0]!
  const codes = new TextCodes(text)
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
    if (bordered(codes, p, at, at + needle.length)) return true
  return false
}

/** Whether a text found at `start` … `end` is a term there, or the beginning of one for a prefix. */
export function bordered(c: Codes, p: TermPattern, start: number, end: number): boolean {
  if (!(p.major ? startsMajor(c, start) : startsTerm(c, start))) return false
  return p.by === 'prefix' || (p.major ? endsMajor(c, end) : endsTerm(c, end))
}

/** Only terms that hold the pattern's longest part can match: the text is cut around its occurrences. */
function someTerm(text: string, p: TermPattern): boolean {
  const part = p.parts.reduce((a, b) => (b.length > a.length ? b : a))
  let found = false
  for (let at = text.indexOf(part); at >= 0 && !found; ) {
    let start = at
    while (start > 0 && classOf(text.charCodeAt(start - 1)) !== MAJOR) start--
    let end = at + part.length
    while (end < text.length && classOf(text.charCodeAt(end)) !== MAJOR) end++
    eachTerm(text.slice(start, end), (term) => {
      found ||= p.matches(term)
    })
    at = text.indexOf(part, end)
  }
  return found
}
