/** Positions in what was typed: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A text that knows where each of its characters came from. */
export interface Source {
  readonly name: string
  readonly text: string
  /** The typed text that the expansion started from: spans of `origin` refer to it. */
  readonly typed: string
  /** The place in the typed text that the character at `at` came from: itself, or the whole macro call that made it. */
  origin(at: number): Span
}

export const span = (start: number, end: number): Span => ({ start, end })
export const shifted = (s: Span, by: number): Span => ({ start: s.start + by, end: s.end + by })

/** A text typed as it is: every character is its own origin. */
export function plainSource(text: string, name = 'search'): Source {
  return { name, text, typed: text, origin: (at) => ({ start: at, end: at + 1 }) }
}

/** The typed place of a span of the expanded text: from the origin of its first to the origin of its last character. */
export function originOf(source: Source, s: Span): Span {
  const length = source.text.length
  const first = source.origin(Math.min(s.start, length))
  const last = source.origin(Math.min(Math.max(s.start, s.end - 1), length))
  const end = s.end > s.start ? Math.max(first.end, last.end) : first.start
  return { start: Math.min(first.start, source.typed.length), end: Math.min(Math.max(end, first.start), source.typed.length) }
}

/** A line of the text with the span underlined: two lines, tabs kept so that the marks stand under the text. */
export function excerpt(text: string, s: Span, width = 120): string {
  const start = Math.min(s.start, text.length)
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const found = text.indexOf('\n', start)
  const lineEnd = found < 0 ? text.length : found
  let from = lineStart
  if (start - lineStart > width - 20) from = start - (width - 40)
  const to = Math.min(lineEnd, from + width)
  const line = `${from > lineStart ? '…' : ''}${text.slice(from, to)}${to < lineEnd ? '…' : ''}`
  const before = text.slice(from, start).replace(/[^\t]/g, ' ')
  const marks = '^'.repeat(Math.max(1, Math.min(s.end, to) - start))
  return `${line}\n${from > lineStart ? ' ' : ''}${before}${marks}`
}
