import { classOf, MAJOR, MINOR, sequenceAt, TextCodes } from './breakers'

/** Calls `sink` with each whole major term of a text and each of its minor terms, in their case, with repeats. */
export function eachTerm(text: string, sink: (term: string) => void): void {
  const codes = new TextCodes(text)
  let start = 0
  let i = 0
  while (i <= text.length) {
    const skip = i === text.length ? 1 : classOf(text.charCodeAt(i)) === MAJOR ? 1 : sequenceAt(codes, i)
    if (skip === 0) {
      i++
      continue
    }
    if (i > start) majorTerm(text.slice(start, i), sink)
    i += skip
    start = i
  }
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
