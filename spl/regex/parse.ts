import { readBrackets } from './brackets'
import { readEscape } from './escape'
import { type Opening, readOpening } from './group'
import { RegexProblem, unsupported } from './problem'
import { readQuantifier, repeated } from './quantifier'
import { type Flags, Reader } from './reader'
import { complement, EVERY, NEWLINE } from './set'
import type { Node, Place, Tree } from './tree'

/** An item and whether a quantifier may follow it. */
type Item = { readonly node: Node; readonly repeatable: boolean }

const ESCAPED_PLACES: ReadonlyMap<string, Place> = new Map([
  ['A', 'start'],
  ['Z', 'end'],
  ['z', 'very end'],
  ['b', 'word border'],
  ['B', 'no word border'],
])
const DEEPEST = 250
const NOT_NEWLINE = complement(NEWLINE)

/**
 * Reads a PCRE2 pattern.
 * @throws RegexProblem  with PCRE2's wording, or `supported: false`
 * @source pcre2pattern(3) (10.42), with UTF and without UCP, as Splunk compiles
 */
export function parse(pattern: string, start: Partial<Flags>): Tree {
  const reader = new Reader(pattern)
  const flags: Flags = { i: false, m: false, s: false, x: false, xx: false, n: false, J: false, U: false, ...start }
  const root = readChoice(reader, flags)
  if (!reader.done) throw new RegexProblem('unmatched closing parenthesis', reader.at)
  return { root, groups: reader.groups, names: reader.names }
}

/** sequence (`|` sequence)*; options set inside hold to the end, in later branches too. */
function readChoice(reader: Reader, flags: Flags): Node {
  const own = { ...flags }
  const branches = [readSequence(reader, own)]
  while (!reader.quoted && reader.take('|')) branches.push(readSequence(reader, own))
  return branches.length === 1 ? branches[0]! : { kind: 'choice', branches }
}

/** (item quantifier?)* */
function readSequence(reader: Reader, flags: Flags): Node {
  const items: Node[] = []
  let last: Item | undefined
  for (;;) {
    reader.skip(flags)
    if (atEnd(reader)) break
    const quantifier = reader.quoted ? undefined : readQuantifier(reader, flags)
    if (quantifier) {
      if (!last?.repeatable) throw new RegexProblem('quantifier does not follow a repeatable item', quantifier.at)
      items[items.length - 1] = repeated(last.node, quantifier)
      last = undefined
    } else {
      last = readItem(reader, flags)
      if (last) items.push(last.node)
    }
  }
  return items.length === 1 ? items[0]! : { kind: 'sequence', items }
}

const atEnd = (reader: Reader) => reader.done || (!reader.quoted && /[|)]/.test(reader.peek()))

/** Nothing for an option setting such as `(?i)`. */
function readItem(reader: Reader, flags: Flags): Item | undefined {
  if (reader.quoted) return character(reader.character(), flags)
  if (reader.take('.')) return { node: { kind: 'set', set: flags.s ? EVERY : NOT_NEWLINE }, repeatable: true }
  if (reader.take('^')) return place(flags.m ? 'line start' : 'start')
  if (reader.take('$')) return place(flags.m ? 'line end' : 'end')
  if (reader.take('[')) return { node: { kind: 'set', set: readBrackets(reader, flags) }, repeatable: true }
  if (reader.take('(')) return readGroup(reader, flags)
  if (reader.take('\\')) return readEscaped(reader, flags)
  return character(reader.character(), flags)
}

const character = (code: number, flags: Flags): Item => ({ node: { kind: 'character', code, caseless: flags.i }, repeatable: true })
const place = (at: Place): Item => ({ node: { kind: 'place', place: at }, repeatable: false })

function readGroup(reader: Reader, flags: Flags): Item | undefined {
  const start = reader.at - 1
  const opening = readOpening(reader, flags)
  if (opening.kind === 'node') return { node: opening.node, repeatable: true }
  if (opening.kind === 'options') {
    Object.assign(flags, opening.flags)
    return undefined
  }
  if (++reader.depth > DEEPEST) throw new RegexProblem('parentheses are too deeply nested', reader.at)
  const body = readChoice(reader, opening.flags)
  reader.depth--
  if (!reader.take(')')) throw new RegexProblem('missing closing parenthesis', reader.at)
  return { node: grouped(opening, body, start), repeatable: true }
}

function grouped(opening: Exclude<Opening, { kind: 'node' | 'options' }>, body: Node, at: number): Node {
  switch (opening.kind) {
    case 'plain':
      // A repeat or an assertion in parentheses is an item of its own: `(?:a+)?` is not `a+?`.
      return body.kind === 'look' ? { kind: 'sequence', items: [body] } : body
    case 'atomic':
      return { kind: 'atomic', body }
    case 'capture':
      return { kind: 'group', body, number: opening.number }
    case 'look':
      return { kind: 'look', body, behind: opening.behind, negative: opening.negative, at }
  }
}

/** What follows a backslash outside brackets. */
function readEscaped(reader: Reader, flags: Flags): Item {
  const start = reader.at
  const escaped = readEscape(reader)
  if ('code' in escaped) return character(escaped.code, flags)
  if ('set' in escaped) return { node: { kind: 'set', set: escaped.set }, repeatable: true }
  const at = ESCAPED_PLACES.get(escaped.letter)
  if (at) return place(at)
  switch (escaped.letter) {
    case 'R':
      return { node: { kind: 'newline' }, repeatable: true }
    case 'N':
      return { node: { kind: 'set', set: NOT_NEWLINE }, repeatable: true }
    case 'Q':
    case 'E':
      throw new RegexProblem('unrecognized character follows \\', start)
    case 'G':
    case 'K':
      throw unsupported(`\\${escaped.letter}`, start - 1)
    case 'g':
    case 'k':
      return back(readReference(reader, escaped.letter), flags, start + 1)
    default:
      return readNumbered(reader, flags, start)
  }
}

const back = (to: number | string, flags: Flags, at: number): Item => ({
  node: { kind: 'back', to, caseless: flags.i, at },
  repeatable: true,
})

/** `\k<name>` `\k'name'` `\k{name}` `\g{name}` `\g{n}` `\g{-n}` `\g{+n}` `\gn` */
function readReference(reader: Reader, letter: string): number | string {
  const start = reader.at
  if (letter === 'g') {
    if (/[<']/.test(reader.peek())) throw unsupported('recursion', start - 2)
    const number = reader.run(/\{[+-]?\d+\}|[+-]?\d+/y).replace(/[{}]/g, '')
    if (number) return absolute(Number(number), /^[+-]/.exec(number)?.[0], reader)
  }
  const end = reader.take('{') ? '}' : letter === 'k' && reader.take('<') ? '>' : letter === 'k' && reader.take("'") ? "'" : undefined
  if (end) return reader.name(end)
  throw new RegexProblem(
    letter === 'g'
      ? '\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number'
      : '\\k is not followed by a braced, angle-bracketed, or quoted name',
    start,
  )
}

function absolute(number: number, sign: string | undefined, reader: Reader): number {
  const to = sign === '-' ? reader.groups + 1 + number : sign === '+' ? reader.groups + number : number
  if (to < 1) throw new RegexProblem('reference to non-existent subpattern', reader.at)
  return to
}

/** `\n`: a back reference when below 10, beginning with 8 or 9, or when so many groups have opened; else octal. */
function readNumbered(reader: Reader, flags: Flags, start: number): Item {
  reader.at = start
  const digits = reader.run(/\d+/y)
  const number = Number(digits)
  if (number < 10 || digits[0]! >= '8' || number <= reader.groups) return back(number, flags, start)
  reader.at = start
  return character(Number.parseInt(reader.run(/[0-7]{1,3}/y), 8), flags)
}
