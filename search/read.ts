import type { Language } from '../spl/language'
import type { Stage } from '../spl/syntax/stage'
import { type Problem, SplProblem } from '../spl/text/problem'
import { quoteEnd } from '../spl/text/reader'
import { originOf, type Source } from '../spl/text/source'
import { keptPipeline } from './kept-plans'

/** A search text, read: macros expanded, stages read. The places of the problems are those of what was typed. */
export interface ReadSearch {
  readonly source: Source | undefined
  readonly stages: readonly Stage[]
  readonly problems: readonly Problem[]
}

/** What ends a search before it begins: the first problem that is more than a warning. */
export const blocking = (problems: readonly Problem[]): Problem | undefined =>
  problems.find((p) => p.phase === 'parse' && isError(p)) ?? problems.find(isError)
const isError = (p: Problem) => p.severity === 'fatal' || p.severity === 'error'

/** @param expand  macros of the caller's context: text → source with origins */
export function readSearch(text: string, language: Language, expand: (text: string) => Source): ReadSearch {
  let source: Source
  try {
    source = expand(text)
  } catch (e) {
    if (!(e instanceof SplProblem)) throw e
    return { source: undefined, stages: [], problems: [e.problem] }
  }
  const { stages, problems } = keptPipeline(source.text, language)
  return { source, stages, problems: problems.map((p) => atOrigin(p, source)) }
}

/** A problem at its place in the typed text. */
export function atOrigin(p: Problem, source: Source | undefined): Problem {
  return p.span && source ? { ...p, span: originOf(source, p.span) } : p
}

/** A text of a search bar: `search` is implied unless it begins with a pipe or with the word. */
export const implied = (text: string): string => (/^\s*(\||search(?![\w=!<>.]))/i.test(text) ? text : `search ${text}`)

/** Where the part that reads events ends: the place of the first pipe outside quotes and brackets, or −1. */
export function endOfEvents(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '\\') i++
    else if (c === '"') i = quoteEnd(text, i, text.length) - 1
    else if (c === '[') depth++
    else if (c === ']') depth--
    else if (c === '|' && depth === 0 && i > 0) return i
  }
  return -1
}
