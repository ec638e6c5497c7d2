import { fail } from '../text/problems'
import { quoteEnd } from '../text/reader'
import type { Span } from '../text/source'

/** The text of one stage, uncut. Places are those of the whole text. */
export interface StageText {
  /** Of the part between two pipes, without the blanks around it. */
  readonly span: Span
}

/** What is split: whether a pipe stood first, and the parts. */
export interface Split {
  readonly leadingPipe: boolean
  readonly stages: readonly StageText[]
}

/**
 * Cuts a text at its top-level pipes. A pipe is literal inside `"…"`, inside `[ … ]` and after a backslash.
 * Knows no commands. Comments and macros are gone before.
 * @throws SplProblem for unbalanced quotes and brackets, and for an empty stage
 */
export function splitStages(text: string): Split {
  const parts: Span[] = []
  const opened: number[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '\\') i++
    else if (c === '"') i = closing(text, i)
    else if (c === '[') opened.push(i)
    else if (c === ']' && opened.pop() === undefined) throw fail('mismatched-bracket', { bracket: ']' }, { start: i, end: i + 1 })
    else if (c === '|' && opened.length === 0) {
      parts.push({ start, end: i })
      start = i + 1
    }
  }
  const open = opened[0]
  if (open !== undefined) throw fail('mismatched-bracket', { bracket: '[' }, { start: open, end: open + 1 })
  parts.push({ start, end: text.length })
  return stagesOf(text, parts)
}

/** The place of the quote that closes the one at `start`. */
function closing(text: string, start: number): number {
  const end = quoteEnd(text, start, text.length)
  if (end < 0) throw fail('unbalanced-quotes', {}, { start, end: start + 1 })
  return end - 1
}

function stagesOf(text: string, parts: readonly Span[]): Split {
  const trimmed = parts.map((p) => trim(text, p))
  const empty = (s: Span) => s.start >= s.end
  const leadingPipe = trimmed.length > 1 && empty(trimmed[0]!)
  const rest = leadingPipe ? trimmed.slice(1) : trimmed
  rest.forEach((s, i) => {
    if (!empty(s)) return
    if (rest.length === 1 && !leadingPipe) throw fail('empty-search', {}, { start: 0, end: Math.max(1, text.length) })
    const pipe = i + 1 < rest.length ? s.end : text.lastIndexOf('|')
    throw fail(
      'missing-command',
      { before: i + 1 < rest.length ? '|' : text[pipe]!, position: pipe, query: text },
      { start: pipe, end: pipe + 1 },
    )
  })
  return { leadingPipe, stages: rest.map((span) => ({ span })) }
}

function trim(text: string, s: Span): Span {
  let { start, end } = s
  while (start < end && /\s/.test(text[start]!)) start++
  while (end > start && /\s/.test(text[end - 1]!)) end--
  return { start, end }
}
