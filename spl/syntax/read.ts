import { fail } from '../text/problems'
import type { ArgumentReader, Word } from './arguments'
import type { Grammar, Syntax } from './shapes'

/** What a command says where a part is missing. */
export type Missing = string | (() => Error)

export interface ReadArguments {
  readonly args: Readonly<Record<string, unknown>>
  readonly spans: Readonly<Record<string, unknown>>
}

interface Reading {
  readonly r: ArgumentReader
  readonly grammar: Grammar
  readonly options: ReadonlyMap<string, string>
  readonly clauses: ReadonlyMap<string, string>
  readonly args: Record<string, unknown>
  readonly spans: Record<string, unknown>
}

/**
 * Reads a command's arguments by its grammar: options and clauses wherever they stand, the others in the order of the grammar.
 * @param missing  what the command says where a part that it needs is not there
 * @throws SplProblem, mostly of phase `setup`
 */
export function readArguments(r: ArgumentReader, grammar: Grammar, missing: Readonly<Record<string, Missing>> = {}): ReadArguments {
  const reading = prepare(r, grammar)
  const positional = Object.entries(grammar).filter(([, s]) => !s.named && !s.keyword)
  let next = 0
  while (!r.done) {
    if (readOption(reading) || readClause(reading)) continue
    const part = positional[next++]
    if (!part) throw r.unexpected()
    readPositional(reading, part, next === positional.length)
  }
  fill(reading, missing)
  return { args: reading.args, spans: reading.spans }
}

function prepare(r: ArgumentReader, grammar: Grammar): Reading {
  const options = new Map<string, string>()
  const clauses = new Map<string, string>()
  for (const [key, s] of Object.entries(grammar)) {
    if (s.named) for (const n of [s.named, ...(s.aliases ?? [])]) options.set(n.toLowerCase(), key)
    for (const w of s.keyword ?? []) clauses.set(w.toLowerCase(), key)
  }
  r.optionNames = [...options.keys()]
  const reading = { r, grammar, options, clauses, args: {}, spans: {} }
  r.stops = () => optionHere(reading) !== undefined || clauseHere(reading) !== undefined
  return reading
}

function optionHere(x: Reading): Word | undefined {
  x.r.skipSeparators()
  const w = x.r.optionHere()
  return w && x.options.has(w.text.toLowerCase()) ? w : undefined
}

function clauseHere(x: Reading): Word | undefined {
  const w = x.clauses.size > 0 ? x.r.peekWord() : undefined
  return w && !w.quoted && x.clauses.has(w.text.toLowerCase()) ? w : undefined
}

function readOption(x: Reading): boolean {
  const w = optionHere(x)
  if (!w) return false
  const { r } = x
  const key = x.options.get(w.text.toLowerCase())!
  if (key in x.args && !x.grammar[key]!.repeats) throw fail('option-twice', { option: w.text }, w.span)
  r.word()
  r.skipBlanks()
  r.pos++
  r.optionName = w.text
  readKey(x, key, x.grammar[key]!)
  r.optionName = ''
  return true
}

function readClause(x: Reading): boolean {
  const w = clauseHere(x)
  if (!w) return false
  const key = x.clauses.get(w.text.toLowerCase())!
  if (key in x.args) throw x.r.unexpected()
  x.r.word()
  readKey(x, key, x.grammar[key]!)
  return true
}

/** A part that may be left out is passed over where it does not fit; the last one says why it does not. */
function readPositional(x: Reading, [key, s]: readonly [string, Syntax<unknown>], last: boolean): void {
  const at = x.r.pos
  try {
    readKey(x, key, s)
  } catch (e) {
    if (!s.optional || last) throw e
    x.r.pos = at
  }
}

function readKey(x: Reading, key: string, s: Syntax<unknown>): void {
  const { r } = x
  r.skipSeparators()
  const start = r.pos
  r.spans = undefined
  const v = s.read(r)
  const span = r.spans ?? r.from(start)
  x.args[key] = s.repeats ? [...((x.args[key] as unknown[] | undefined) ?? []), ...(v as unknown[])] : v
  x.spans[key] = s.repeats ? [...((x.spans[key] as unknown[] | undefined) ?? []), span] : span
}

function fill(x: Reading, missing: Readonly<Record<string, Missing>>): void {
  for (const [key, s] of Object.entries(x.grammar)) {
    if (key in x.args) continue
    const said = missing[key] ?? `Missing argument: expected ${s.expects}.`
    if (!s.optional) throw typeof said === 'string' ? x.r.refuse(said) : said()
    x.args[key] = s.fallback
  }
}
