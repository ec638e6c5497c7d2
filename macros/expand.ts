import { nearest, SplProblem } from '../spl/text/problem'
import { fail } from '../spl/text/problems'
import { quoteEnd } from '../spl/text/reader'
import { plainSource, type Source, type Span } from '../spl/text/source'
import { bindArguments, type MacroCall, readCall, substitute } from './arguments'
import { type Macro, type MacroTable, macroKey } from './definition'

/**
 * Gives the value of an eval expression whose fields are a macro's arguments. A boolean expression gives true or false, never null.
 * @throws SplProblem for an expression that is none
 */
export type Evaluate = (expression: string, args: Readonly<Record<string, string>>) => string | number | boolean | null

/** A part of a text: to be kept, or a comment, or a macro call with its tick marks. */
export interface Piece {
  readonly kind: 'text' | 'comment' | 'call'
  readonly span: Span
}

/** @source macros.conf.spec and the message of this limit */
const MAX_DEPTH = 100
/** Characters that all expansions of a search may read, and how many a call counts for: sixty macros, each calling the one before twice, would never end. */
const MAX_WORK = 16 << 20
const CALL_WORK = 200

/**
 * Removes comments and expands macros, on the text, before anything else reads it. Neither happens inside double quotes.
 * Takes time in proportion to the text's length and that of what it expands to.
 * @returns the text, which knows of each character where it was typed: itself, or the whole outermost call that made it
 * @throws SplProblem of phase `parse` at the outermost call
 */
export function expandMacros(text: string, macros: MacroTable, evaluate: Evaluate): Source {
  if (!text.includes('`')) return plainSource(text)
  const scope: Scope = { macros, evaluate, work: 0 }
  const made: Piece[] = []
  const starts: number[] = []
  let out = ''
  for (const piece of piecesOf(text)) {
    const replaced = replacement(text, piece, scope, 1)
    if (replaced === '') continue
    made.push(piece)
    starts.push(out.length)
    out += replaced
  }
  return { name: 'search', text: out, typed: text, origin: (at) => originAt(at, { made, starts, out, typed: text }) }
}

interface Scope {
  readonly macros: MacroTable
  readonly evaluate: Evaluate
  work: number
}

interface Expanded {
  readonly made: readonly Piece[]
  readonly starts: readonly number[]
  readonly out: string
  readonly typed: string
}

function originAt(at: number, { made, starts, out, typed }: Expanded): Span {
  if (at >= out.length) return { start: typed.length, end: typed.length + 1 }
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= at) low = middle
    else high = middle - 1
  }
  const { kind, span } = made[low]!
  if (kind !== 'text') return span
  const start = span.start + at - starts[low]!
  return { start, end: start + 1 }
}

const MARK = /[`"\\]/g

/**
 * Cuts a text into comments, macro calls and what is between them.
 * @throws SplProblem where a comment or a call has no end
 */
export function* piecesOf(text: string): Generator<Piece> {
  let from = 0
  for (let at = markFrom(text, 0); at >= 0; ) {
    if (text[at] !== '`') {
      const end = text[at] === '"' ? quoteEnd(text, at, text.length) : at + 2
      at = end < 0 ? -1 : markFrom(text, end)
      continue
    }
    const piece = text.startsWith('```', at) ? commentAt(text, at) : callAt(text, at)
    if (from < at) yield { kind: 'text', span: { start: from, end: at } }
    yield piece
    from = piece.span.end
    at = markFrom(text, from)
  }
  if (from < text.length) yield { kind: 'text', span: { start: from, end: text.length } }
}

function markFrom(text: string, at: number): number {
  MARK.lastIndex = at
  return MARK.exec(text)?.index ?? -1
}

function commentAt(text: string, start: number): Piece {
  const end = text.indexOf('```', start + 3)
  if (end < 0) throw fail('comment-open', {}, { start, end: start + 3 })
  return { kind: 'comment', span: { start, end: end + 3 } }
}

function callAt(text: string, start: number): Piece {
  // Where a quote among the arguments is not closed, the first tick mark ends the call, so that the message names the call.
  const quoted = closingTick(text, start + 1)
  const end = quoted < 0 ? text.indexOf('`', start + 1) : quoted
  if (end < 0) throw fail('macro-unclosed', {}, { start, end: start + 1 })
  return { kind: 'call', span: { start, end: end + 1 } }
}

/** The tick mark that ends the call, or −1. Quotes hide it, and so do comments among the arguments. */
function closingTick(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; ) {
    const c = text[i]!
    if (c === '(') depth++
    if (c === ')') depth--
    if (c === '`' && (depth <= 0 || !text.startsWith('```', i))) return i
    const end = hiddenEnd(text, i)
    if (end < 0) return -1
    i = end
  }
  return -1
}

/** The end of what begins here and hides its tick marks: a quoted text (−1 where it is not closed), a comment, or just a character. */
function hiddenEnd(text: string, at: number): number {
  if (text[at] === '"') return quoteEnd(text, at, text.length)
  return text[at] === '`' ? commentAt(text, at).span.end : at + 1
}

function replacement(text: string, { kind, span }: Piece, scope: Scope, depth: number): string {
  if (kind === 'text') return text.slice(span.start, span.end)
  if (kind === 'comment') return ' '
  return at(span, () => expandCall(text.slice(span.start + 1, span.end - 1), scope, depth))
}

/** Runs `job`; whatever it complains about, a place inside a definition included, is said of the call. */
function at(span: Span, job: () => string): string {
  try {
    return job()
  } catch (e) {
    if (e instanceof SplProblem) throw new SplProblem({ ...e.problem, span })
    throw e
  }
}

function expandCall(expression: string, scope: Scope, depth: number): string {
  if (depth > MAX_DEPTH) throw fail('macro-depth', { limit: MAX_DEPTH })
  const call = readCall(expression)
  const macro = findMacro(call, scope.macros)
  const args = bindArguments(call, macro.args)
  if (macro.validation) validate(macro, macro.validation, args, scope.evaluate)
  const body = substitute(macro.definition, args)
  return expandText(macro.iseval ? evaluated(macro, body, args, scope.evaluate) : body, scope, depth)
}

function expandText(text: string, scope: Scope, depth: number): string {
  scope.work += text.length + CALL_WORK
  if (scope.work > MAX_WORK) throw fail('macro-size', { limit: MAX_WORK })
  if (!text.includes('`')) return text
  let out = ''
  for (const piece of piecesOf(text)) out += replacement(text, piece, scope, depth + 1)
  return out
}

function findMacro(call: MacroCall, macros: MacroTable): Macro {
  const key = macroKey(call.name, call.args.length)
  const found = macros.get(key)
  if (!found) throw fail('macro-not-found', { name: key, nearest: nearestMacro(call.name, macros) })
  if ('code' in found) throw new SplProblem(found)
  return found
}

/** The same name with another number of arguments is nearer than any other name. */
function nearestMacro(name: string, macros: MacroTable): string | undefined {
  const keys = new Map([...macros.keys()].map((key) => [key.replace(/\(.*/, ''), key]))
  const near = keys.has(name) ? name : nearest(name, keys.keys())
  return near === undefined ? undefined : keys.get(near)
}

function validate(macro: Macro, validation: string, args: Readonly<Record<string, string>>, evaluate: Evaluate): void {
  const expression = substitute(validation, args)
  const result = asked(
    () => evaluate(expression, args),
    () => fail('macro-validation-invalid', { text: expression }),
  )
  if (typeof result === 'number') throw fail('macro-validation-invalid', { text: expression })
  if (result === true || result === null) return
  const text = result === false ? (macro.errormsg ?? 'The arguments are not valid') : result
  throw fail('macro-validation', { name: macro.key, text: text.replace(/\.$/, '') })
}

function evaluated(macro: Macro, body: string, args: Readonly<Record<string, string>>, evaluate: Evaluate): string {
  const refuse = () => fail('macro-iseval', { name: macro.key })
  const result = asked(() => evaluate(body, args), refuse)
  if (typeof result !== 'string') throw refuse()
  return result
}

/** Splunk names the macro's expression; what the evaluator says is wrong with it is kept as a hint. */
function asked<T>(job: () => T, refuse: () => SplProblem): T {
  try {
    return job()
  } catch (e) {
    if (e instanceof SplProblem && e.problem.phase !== 'run') throw new SplProblem({ ...refuse().problem, hint: e.problem.message })
    throw e
  }
}
