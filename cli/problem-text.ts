import type { Problem } from '../spl/text/problem'
import { excerpt } from '../spl/text/source'

const WORDS = { fatal: 'error', error: 'error', warn: 'warning', info: 'info' } as const

/** Which text a problem's place refers to. */
export interface Typed {
  readonly text: string
  /** Characters that were put before it for reading. */
  readonly implied: number
}

/** A problem for the terminal: its message, the place underlined in what was typed, the way out. */
export function problemText({ severity, message, span, hint }: Problem, typed?: Typed): string {
  const lines = [`${WORDS[severity]}: ${message}`]
  if (span && typed) {
    const at = (place: number) => Math.min(typed.text.length, Math.max(0, place - typed.implied))
    lines.push(indented(excerpt(typed.text, { start: at(span.start), end: at(span.end) })))
  }
  if (hint) lines.push(indented(hint))
  return `${lines.join('\n')}\n`
}

const indented = (text: string): string => text.replace(/^/gm, '  ')
