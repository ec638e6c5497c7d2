import { fail } from '../text/problems'
import type { ArgumentReader } from './arguments'
import type { Syntax } from './shapes'

export type SortKind = 'auto' | 'str' | 'num' | 'ip'

/** One key of a sort. */
export interface SortKey {
  readonly field: string
  readonly kind: SortKind
  readonly descending: boolean
  /** Whether `+` or `-` was written. */
  readonly signed: boolean
}

const KIND = /(?:auto|str|num|ip)(?=\s*\()/iy

/** key := ["+" | "-"] (("auto" | "str" | "num" | "ip") "(" field ")" | field) ; blanks may follow the sign */
export const sortKey: Syntax<SortKey> = {
  usage: '(+|-)<field>|auto(<field>)|str(<field>)|num(<field>)|ip(<field>)',
  expects: 'a field to sort by',
  read(r) {
    r.skipSeparators()
    const sign = r.char === '-' || r.char === '+' ? r.char : ''
    if (sign) r.pos++
    r.skipBlanks()
    const kind = r.match(KIND)?.toLowerCase() as SortKind | undefined
    const field = kind ? inParentheses(r) : fieldName(r)
    return { field, kind: kind ?? 'auto', descending: sign === '-', signed: sign !== '' }
  },
}

function fieldName(r: ArgumentReader): string {
  const w = r.word()
  if (!w) throw r.unexpected()
  if (w.text === '') throw r.refuse('Field names cannot be empty strings.', w.span)
  if (r.char === '(' || r.char === ')') throw mismatched(r, w.text + r.char)
  return w.text
}

function inParentheses(r: ArgumentReader): string {
  r.skipBlanks()
  const opened = r.pos++
  const w = r.word()
  r.skipBlanks()
  if (!w || r.char !== ')') throw mismatched(r, r.text.slice(opened, r.pos))
  r.pos++
  return w.text
}

const mismatched = (r: ArgumentReader, specifier: string) =>
  fail(
    'command-usage',
    { command: r.command, text: `There is a mismatched parenthesis in field specifier '${specifier}'.` },
    r.from(Math.max(0, r.pos - 1)),
  )
