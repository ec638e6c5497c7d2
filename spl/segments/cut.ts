import { type Codes, classOf, MAJOR, MINOR, PLAIN, sequenceAt, shortSequenceAt, TextCodes } from './breakers'
import type { Segmentation } from './segmentation'

/** A way to cut: the length of the breaker at a place, or 0, and what becomes of each piece. */
interface Cut {
  breaker(codes: Codes, i: number): number
  piece(term: string, sink: (term: string) => void): void
}
const whole: Cut['piece'] = (term, sink) => sink(term)
const atMajors =
  (sequence: typeof sequenceAt): Cut['breaker'] =>
  (c, i) =>
    classOf(c.at(i)) === MAJOR ? 1 : sequence(c, i)

const CUTS: Readonly<Record<Exclude<Segmentation, 'none'>, Cut>> = {
  full: { breaker: atMajors(sequenceAt), piece: majorTerm },
  intermediate: { breaker: atMajors(sequenceAt), piece: intermediateTerms },
  inner: { breaker: (c, i) => shortSequenceAt(c, i) || (classOf(c.at(i)) === PLAIN ? 0 : 1), piece: whole },
  outer: { breaker: atMajors(shortSequenceAt), piece: whole },
}

/** Calls `sink` with each term of a text: cut in full each whole major term and each of its minor terms. In their case, with repeats. */
export function eachTerm(text: string, sink: (term: string) => void, how: Segmentation = 'full'): void {
  if (how === 'none') return
  const { breaker, piece } = CUTS[how]
  const codes = new TextCodes(text)
  let start = 0
  let i = 0
  while (i <= text.length) {
    const skip = i === text.length ? 1 : breaker(codes, i)
    if (skip === 0) {
      i++
      continue
    }
    if (i > start) piece(text.slice(start, i), sink)
    i += skip
    start = i
  }
}

/** Also the beginnings of a major term, `a.b` of `a.b.c`. */
function intermediateTerms(term: string, sink: (term: string) => void): void {
  majorTerm(term, sink)
  for (let i = 1; i < term.length; i++) if (classOf(term.charCodeAt(i)) === MINOR) sink(term.slice(0, i))
}

function majorTerm(term: string, sink: (term: string) => void): void {
  sink(term)
  let start = 0
  for (let i = 0; i <= term.length; i++) {
    if (i < term.length && classOf(term.charCodeAt(i)) !== MINOR) continue
    if (i > start && i - start < term.length) sink(term.slice(start, i))
    start = i + 1
  }
}

/** A piece of a search string and where it stood; `*` stays in it. */
export interface Segment {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** How a search string is cut: at major and minor breakers alike, but not at `*`. @source segmenters.conf, [search] */
export function searchSegments(term: string): readonly Segment[] {
  const codes = new TextCodes(term)
  const out: Segment[] = []
  let start = 0
  let i = 0
  while (i <= term.length) {
    const skip = i === term.length ? 1 : sequenceAt(codes, i) || (breaks(term, i) ? 1 : 0)
    if (skip === 0) {
      i++
      continue
    }
    if (i > start) out.push({ text: term.slice(start, i), start, end: i })
    i += skip
    start = i
  }
  return out
}

const breaks = (term: string, i: number) => term[i] !== '*' && classOf(term.charCodeAt(i)) !== 0

/** Whether a text holds a major breaker other than `*`: no single term can be it. */
export function holdsMajor(text: string): boolean {
  const codes = new TextCodes(text)
  for (let i = 0; i < text.length; i++)
    if ((text[i] !== '*' && classOf(text.charCodeAt(i)) === MAJOR) || sequenceAt(codes, i) > 0) return true
  return false
}
