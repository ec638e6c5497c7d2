import { fail, notSupported } from '../text/problems'
import { quoteEnd, type Reader } from '../text/reader'
import type { Span } from '../text/source'
import { placesOf } from '../values/number'
import type { BinaryOperator, Expression, ExpressionKind } from './expression'

/** Who reports a malformed expression: `EvalCommand`, `where`, `stats` … */
export interface ExpressionReader {
  readonly reader: Reader
  readonly who: string
  /** The next node id of the search. */
  nextId(): number
}

/** Binding powers, tightest last. `.` shares the level of `+` and `-`. @source Search Reference, eval, "Order of precedence" */
const POWER: Readonly<Record<BinaryOperator, number>> = {
  XOR: 1,
  OR: 2,
  AND: 3,
  LIKE: 5,
  '=': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '.': 6,
  '*': 7,
  '/': 7,
  '%': 7,
}
const NOT_POWER = 4
const COMPARE_POWER = 5
const UNARY_POWER = 8
const WORD_OPERATORS: readonly BinaryOperator[] = ['AND', 'OR', 'XOR', 'LIKE']
const SIGNS: readonly (readonly [sign: string, op: BinaryOperator])[] = [
  ['==', '='],
  ['!=', '!='],
  ['<=', '<='],
  ['>=', '>='],
  ['=', '='],
  ['<', '<'],
  ['>', '>'],
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['.', '.'],
]
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy

// DIFFERS: deeper and longer expressions are refused, since who walks their tree calls himself; Splunk's own limit is not documented.
const DEEPEST = 250
const LONGEST = 1_000
const depths = new WeakMap<ExpressionReader, number>()

/**
 * expression := unary (operator unary)* ; stops before what does not belong to it (`,`, `)`, the end).
 * @param least  binding power that an operator must have at least
 */
export function parseExpression(x: ExpressionReader, least = 0): Expression {
  const depth = (depths.get(x) ?? 0) + 1
  if (depth > DEEPEST) throw notSupported(`an expression nested more than ${DEEPEST} deep`, x.reader.from(x.reader.pos))
  depths.set(x, depth)
  const e = operators(x, unary(x), least)
  depths.set(x, depth - 1)
  return e
}

function operators(x: ExpressionReader, first: Expression, least: number): Expression {
  let left = first
  for (let count = 0; ; ) {
    x.reader.skipBlanks()
    const inList = takeIn(x, left, least)
    if (inList) {
      left = inList
      continue
    }
    const start = x.reader.pos
    const op = takeOperator(x.reader)
    if (!op || POWER[op] < least) {
      x.reader.pos = start
      return left
    }
    needOperand(x, op)
    // A chain of ANDs or ORs is walked as one.
    if (op !== 'AND' && op !== 'OR' && ++count > LONGEST)
      throw notSupported(`more than ${LONGEST} operators in a row`, x.reader.from(start))
    const right = parseExpression(x, POWER[op] + 1)
    left = make(x, { start: left.span.start, end: right.span.end }, { op, left, right })
  }
}

function make(x: ExpressionReader, span: Span, kind: ExpressionKind): Expression {
  return { id: x.nextId(), span, ...kind }
}

/** What Splunk says where an operand is missing depends on the operator. */
function needOperand(x: ExpressionReader, op: BinaryOperator): void {
  const r = x.reader
  r.skipBlanks()
  if (!r.atEnd && r.char !== ')' && r.char !== ',') return
  const tail =
    op === 'AND' || op === 'OR' || op === 'XOR'
      ? `An '${op}' term is missing.`
      : POWER[op] === COMPARE_POWER
        ? 'A comparison term is missing.'
        : POWER[op] === 7
          ? 'The factor is missing.'
          : 'A term is missing.'
  throw malformed(x, tail, r.from(Math.max(0, r.pos - 1)))
}

const malformed = (x: ExpressionReader, tail: string, at: Span) => fail('eval-malformed', { who: x.who, tail }, at)

function takeOperator(r: Reader): BinaryOperator | undefined {
  for (const word of WORD_OPERATORS) if (r.takeWord(word)) return word
  for (const [sign, op] of SIGNS) {
    if (!r.startsWith(sign)) continue
    r.pos += sign.length
    return op
  }
  return undefined
}

/** in := operand IN "(" expression ("," expression)* ")" */
function takeIn(x: ExpressionReader, left: Expression, least: number): Expression | undefined {
  const r = x.reader
  const start = r.pos
  if (COMPARE_POWER < least || !r.takeWord('IN')) return undefined
  r.skipBlanks()
  if (r.char !== '(') {
    r.pos = start
    return undefined
  }
  const args = argumentsOf(x)
  return make(x, { start: left.span.start, end: r.pos }, { call: 'in', args: [left, ...args] })
}

/** unary := ("NOT" | "!") comparison | ("-" | "+") unary | primary */
function unary(x: ExpressionReader): Expression {
  const r = x.reader
  r.skipBlanks()
  const start = r.pos
  if (r.takeWord('NOT') || takeBang(r)) {
    const inner = parseExpression(x, NOT_POWER + 1)
    return make(x, r.from(start), { not: inner })
  }
  if (r.char === '-' || r.char === '+') {
    const negative = r.char === '-'
    r.pos++
    const inner = parseExpression(x, UNARY_POWER)
    return negative ? make(x, r.from(start), { negate: inner }) : inner
  }
  return primary(x)
}

/** `!` is NOT. @source Search Reference, mvfilter: `mvfilter(!isnull(x))` */
function takeBang(r: Reader): boolean {
  if (r.char !== '!' || r.peek(1) === '=') return false
  r.pos++
  return true
}

/** primary := "(" expression ")" | string | 'field' | number | name ["(" arguments ")"] */
function primary(x: ExpressionReader): Expression {
  const r = x.reader
  const start = r.pos
  const c = r.char
  if (c === '') throw malformed(x, 'A term is missing.', r.from(Math.max(0, start - 1)))
  if (c === '(') return parenthesis(x)
  if (c === '"') return make(x, { start, end: takeQuoted(x, '"') }, { text: unescapeLiteral(r.text.slice(start + 1, r.pos - 1)) })
  if (c === "'")
    return make(x, { start, end: takeQuoted(x, "'") }, { field: r.text.slice(start + 1, r.pos - 1).replace(/\\(['\\])/g, '$1') })
  if (c >= '0' && c <= '9') return numberLiteral(x)
  const name = r.match(NAME)
  if (name === undefined) throw malformed(x, `An unexpected character is reached at '${r.rest().slice(0, 60)}'.`, { start, end: start + 1 })
  r.skipBlanks()
  if (r.char !== '(') {
    const end = start + name.length
    return make(x, { start, end }, { field: name })
  }
  const args = argumentsOf(x)
  return make(x, r.from(start), { call: name.toLowerCase(), args })
}

function parenthesis(x: ExpressionReader): Expression {
  const r = x.reader
  const start = r.pos++
  const inner = parseExpression(x)
  closeParenthesis(x, start)
  return { ...inner, span: r.from(start) }
}

function closeParenthesis(x: ExpressionReader, opened: number): void {
  const r = x.reader
  r.skipBlanks()
  if (r.char !== ')') throw malformed(x, 'Expected ).', r.atEnd ? { start: opened, end: opened + 1 } : { start: r.pos, end: r.pos + 1 })
  r.pos++
}

/** arguments := "(" [expression ("," expression)*] ")" */
function argumentsOf(x: ExpressionReader): Expression[] {
  const r = x.reader
  const opened = r.pos++
  const args: Expression[] = []
  r.skipBlanks()
  if (r.char === ')') {
    r.pos++
    return args
  }
  for (;;) {
    args.push(parseExpression(x))
    r.skipBlanks()
    if (r.char !== ',') break
    r.pos++
  }
  closeParenthesis(x, opened)
  return args
}

function takeQuoted(x: ExpressionReader, quote: string): number {
  const r = x.reader
  const end = quoteEnd(r.text, r.pos, r.end, quote)
  if (end < 0) throw fail('unbalanced-quotes', {}, { start: r.pos, end: r.pos + 1 })
  r.pos = end
  return end
}

function numberLiteral(x: ExpressionReader): Expression {
  const r = x.reader
  const start = r.pos
  const digits = r.match(NUMBER)!
  const glued = r.match(/[A-Za-z_]\w*/y)
  if (glued !== undefined) throw fail('eval-number', { who: x.who, text: digits + glued }, r.from(start))
  return make(x, r.from(start), { number: Number(digits), places: placesOf(digits) })
}

/** `\\` and `\"`, and in eval also `\t` and `\n`; other escapes stay for the regex that may read them. @source Search Manual, "Backslashes" */
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', t: '\t', n: '\n' }
function unescapeLiteral(inner: string): string {
  return inner.replace(/\\(["\\tn])/g, (_all, c: string) => ESCAPES[c]!)
}
