import { RegexProblem, unsupported } from './problem'
import type { Flags, Reader } from './reader'
import type { Node } from './tree'

/** What an opening parenthesis begins; `flags` hold inside it, or, for `options`, from there to the end of the group around it. */
export type Opening =
  | { readonly kind: 'options'; readonly flags: Flags }
  | { readonly kind: 'plain' | 'atomic'; readonly flags: Flags }
  | { readonly kind: 'capture'; readonly number: number; readonly flags: Flags }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly flags: Flags }
  | { readonly kind: 'node'; readonly node: Node }

const LOOKS: readonly (readonly [text: string, behind: boolean, negative: boolean])[] = [
  ['<=', true, false],
  ['<!', true, true],
  ['=', false, false],
  ['!', false, true],
]
const REFUSED: readonly (readonly [text: RegExp, what: string])[] = [
  [/\|/y, 'a branch reset group (?|'],
  [/\(/y, 'a conditional group (?('],
  [/<?\*/y, 'a non-atomic lookaround'],
  [/C/y, 'a callout (?C'],
  [/R|&|P>|[+-]?\d/y, 'recursion'],
]

/** What follows `(`, which has been read. */
export function readOpening(reader: Reader, flags: Flags): Opening {
  const start = reader.at - 1
  if (/^\*[A-Za-z:]/.test(reader.pattern.slice(reader.at, reader.at + 2))) throw unsupported('a verb (*', start)
  if (!reader.take('?')) return flags.n ? { kind: 'plain', flags } : { kind: 'capture', number: reader.open(undefined, flags), flags }
  if (reader.take(':')) return { kind: 'plain', flags }
  if (reader.take('>')) return { kind: 'atomic', flags }
  for (const [text, behind, negative] of LOOKS) if (reader.take(text)) return { kind: 'look', behind, negative, flags }
  for (const [text, what] of REFUSED) if (reader.run(text)) throw unsupported(what, start)
  return readNamed(reader, flags) ?? readOptions(reader, flags)
}

/** `<name>` `'name'` `P<name>` `P=name` */
function readNamed(reader: Reader, flags: Flags): Opening | undefined {
  const start = reader.at
  const python = reader.take('P')
  if (python && reader.take('=')) return { kind: 'node', node: { kind: 'back', to: reader.name(')'), caseless: flags.i, at: start } }
  const end = reader.take('<') ? '>' : !python && reader.take("'") ? "'" : undefined
  if (end) return { kind: 'capture', number: reader.open(reader.name(end), flags), flags }
  if (python) throw new RegexProblem('unrecognized character after (?P', reader.at)
  return undefined
}

/** `^`? letters (`-` letters)? then `)` or `:` */
function readOptions(reader: Reader, outer: Flags): Opening {
  const flags = { ...outer }
  const fresh = reader.take('^')
  if (fresh) Object.assign(flags, { i: false, m: false, s: false, x: false, xx: false, n: false })
  let on = true
  for (;;) {
    if (reader.take(')')) return { kind: 'options', flags }
    if (reader.take(':')) return { kind: 'plain', flags }
    if (reader.done) throw new RegexProblem('missing closing parenthesis', reader.at)
    if (reader.take('-')) {
      if (fresh || !on) throw new RegexProblem('invalid hyphen in option setting', reader.at)
      on = false
    } else readOption(reader, flags, on)
  }
}

function readOption(reader: Reader, flags: Flags, on: boolean): void {
  if (reader.take('xx')) flags.x = flags.xx = on
  else if (reader.take('x')) {
    flags.x = on
    flags.xx = false
  } else {
    const letter = reader.run(/[imsnJU]/y)
    if (!letter) throw new RegexProblem('unrecognized character after (? or (?-', reader.at)
    flags[letter as 'i' | 'm' | 's' | 'n' | 'J' | 'U'] = on
  }
}
