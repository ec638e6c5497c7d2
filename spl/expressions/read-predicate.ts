import { fail, notSupported } from '../text/problems'
import { quoteEnd, type Reader, unescapeQuoted } from '../text/reader'
import type { Span } from '../text/source'
import type { Comparator, Predicate, PredicateKind } from './predicate'

/** What reading a `search` expression needs beside the text. */
export interface PredicateReader {
  readonly reader: Reader
  nextId(): number
}

const TIME_TERMS = new Set([
  'earliest',
  'latest',
  '_index_earliest',
  '_index_latest',
  'starttime',
  'endtime',
  'starttimeu',
  'endtimeu',
  'timeformat',
  'startdaysago',
  'enddaysago',
  'startminutesago',
  'endminutesago',
  'starthoursago',
  'endhoursago',
  'startmonthsago',
  'endmonthsago',
  'daysago',
  'minutesago',
  'hoursago',
  'monthsago',
  'searchtimespanhours',
  'searchtimespanminutes',
  'searchtimespandays',
  'searchtimespanmonths',
])
/** Fields that stand for what is kept elsewhere: event types, tags, saved searches. */
const REFERENCES: ReadonlySet<string> = new Set(['eventtype', 'eventtypetag', 'tag', 'hosttag', 'savedsearch', 'savedsplunk'])
const COMPARATOR = /!=|<=|>=|=|<|>/y
/** A bare word: up to a blank, quote, bracket, comma or comparator. */
const NAME = /(?:\\.|[^\s",()[\]|=<>!\\]|!(?!=))+/y
/** A bare value may hold comparators: `url=http://x?a=b`. */
const VALUE = /(?:\\.|[^\s",()[\]|\\])+/y

/**
 * logical := group (["AND"] group)* ; group := unary ("OR" unary)* : OR binds tighter than AND, which is implied between terms.
 * @source Search Manual, "Boolean expressions"; grammar of searchbnf.conf
 */
export function readPredicate(x: PredicateReader): Predicate {
  const start = x.reader.pos
  const p = conjunction(x)
  if (!x.reader.atEnd) throw unparsable('unbalanced parentheses', { start: x.reader.pos, end: x.reader.pos + 1 })
  return p ?? make(x, x.reader.from(start), { always: true })
}

const unparsable = (reason: string, at: Span) => fail('search-parse', { reason }, at)
const make = (x: PredicateReader, span: Span, kind: PredicateKind): Predicate => ({ id: x.nextId(), span, ...kind })

function conjunction(x: PredicateReader): Predicate | undefined {
  const r = x.reader
  const start = r.pos
  const terms: Predicate[] = []
  for (;;) {
    r.skipSeparators()
    if (r.atEnd || r.char === ')') break
    const and = takeOperator(r, 'AND')
    if (and && terms.length === 0) throw missing('AND', 'left', and)
    if (and) needTerm(r, 'AND', and)
    const next = disjunction(x)
    terms.push(next)
  }
  if (terms.length < 2) return terms[0]
  return make(x, { start: Math.min(start, terms[0]!.span.start), end: r.pos }, { and: terms })
}

function disjunction(x: PredicateReader): Predicate {
  const r = x.reader
  const or = takeOperator(r, 'OR')
  if (or) throw missing('OR', 'left', or)
  const first = unary(x)
  const terms = [first]
  for (;;) {
    r.skipBlanks()
    const found = takeOperator(r, 'OR')
    if (!found) break
    needTerm(r, 'OR', found)
    terms.push(unary(x))
  }
  return terms.length === 1 ? first : make(x, { start: first.span.start, end: r.pos }, { or: terms })
}

const missing = (op: string, side: 'left' | 'right', at: Span) =>
  unparsable(`'${op}' operator is missing a clause on the ${side} hand side`, at)

function needTerm(r: Reader, op: string, at: Span): void {
  r.skipBlanks()
  if (r.atEnd || r.char === ')') throw missing(op, 'right', at)
}

/** Operators are upper case; `and` is a search word. */
function takeOperator(r: Reader, word: string): Span | undefined {
  const start = r.pos
  if (!r.startsWith(word)) return undefined
  const after = r.peek(word.length)
  if (after !== '' && !/[\s()",[]/.test(after)) return undefined
  r.pos += word.length
  // `OR = x` compares a field of that name.
  const end = r.pos
  r.skipBlanks()
  if (/[=<>]/.test(r.char) || r.startsWith('!=')) {
    r.pos = start
    return undefined
  }
  r.pos = end
  return { start, end }
}

function unary(x: PredicateReader): Predicate {
  const r = x.reader
  r.skipSeparators()
  const start = r.pos
  const not = takeOperator(r, 'NOT')
  if (not) {
    needTerm(r, 'NOT', not)
    const inner = unary(x)
    return make(x, r.from(start), { not: inner })
  }
  if (r.char === '(') return parenthesis(x)
  return primary(x)
}

function parenthesis(x: PredicateReader): Predicate {
  const r = x.reader
  const start = r.pos++
  const inner = conjunction(x)
  r.skipSeparators()
  if (r.char !== ')') throw unparsable('unbalanced parentheses', { start, end: start + 1 })
  r.pos++
  return inner ? { ...inner, span: r.from(start) } : make(x, r.from(start), { always: true })
}

/** primary := directive | quoted | word, alone or as the left side of a comparison */
function primary(x: PredicateReader): Predicate {
  const r = x.reader
  const start = r.pos
  if (r.char === '[' || r.char === ']') throw notSupported('subsearches', { start, end: start + 1 })
  const lone = r.match(COMPARATOR)
  if (lone !== undefined) throw unparsable(`Comparator '${lone}' is missing a term on the left hand side`, r.from(start))
  const directive = takeDirective(r)
  if (directive) return make(x, r.from(start), keyword(directive))
  const quoted = r.char === '"'
  const word = quoted ? takeQuoted(r) : r.match(NAME)
  if (word === undefined) throw unparsable('unbalanced parentheses', { start, end: start + 1 })
  const end = r.pos
  r.skipBlanks()
  if (takeOperator(r, 'IN') && afterIn(r)) return inList(x, start, unescapeQuoted(word))
  const op = r.match(COMPARATOR) as Comparator | undefined
  if (op !== undefined) return comparison(x, { start, field: quoted ? word : unescapeQuoted(word), op })
  r.pos = end
  return make(x, r.from(start), quoted ? { phrase: word } : bareWord(unescapeQuoted(word)))
}

function afterIn(r: Reader): boolean {
  r.skipBlanks()
  return r.char === '('
}

function bareWord(word: string): PredicateKind {
  if (/^\*+$/.test(word)) return { always: true }
  const at = word.indexOf('::')
  return at > 0 ? { indexed: [word.slice(0, at), word.slice(at + 2)] } : { word }
}

interface Directive {
  readonly name: 'TERM' | 'CASE'
  readonly text: string
}
const keyword = (d: Directive): PredicateKind =>
  d.name === 'TERM' ? { term: d.text } : /[\s]/.test(d.text) ? { phrase: d.text, exactCase: true } : { word: d.text, exactCase: true }

/** directive := ("TERM" | "CASE") "(" text ")" ; the names are upper case */
function takeDirective(r: Reader): Directive | undefined {
  const start = r.pos
  const head = r.match(/(?:TERM|CASE|PREFIX)\(/y)
  if (head === undefined) return undefined
  if (head === 'PREFIX(') throw notSupported('PREFIX in `search`', r.from(start))
  r.skipBlanks()
  const text = r.char === '"' ? takeQuoted(r) : (r.match(/(?:\\.|[^()\\"])+/y) ?? '').trim()
  r.skipBlanks()
  if (r.char !== ')') throw unparsable('unbalanced parentheses', r.from(start))
  r.pos++
  return { name: head === 'TERM(' ? 'TERM' : 'CASE', text: unescapeQuoted(text) }
}

function takeQuoted(r: Reader): string {
  const start = r.pos
  const end = quoteEnd(r.text, start, r.end)
  if (end < 0) throw fail('unbalanced-quotes', {}, { start, end: start + 1 })
  r.pos = end
  return unescapeQuoted(r.text.slice(start + 1, end - 1))
}

function comparison(x: PredicateReader, left: { readonly start: number; readonly field: string; readonly op: Comparator }): Predicate {
  const r = x.reader
  const { start, field, op } = left
  const opSpan = { start: Math.max(start, r.pos - op.length), end: r.pos }
  r.skipBlanks()
  const directive = takeDirective(r)
  if (directive) return directed(x, left, directive)
  const value = r.char === '"' ? takeQuoted(r) : r.match(VALUE)
  if (value === undefined) throw valueMissing(r, op, opSpan)
  const text = r.text[r.pos - 1] === '"' ? value : unescapeQuoted(value)
  if (TIME_TERMS.has(field)) return make(x, r.from(start), { time: [field, text] })
  if (REFERENCES.has(field) || field.startsWith('tag::'))
    throw notSupported(`event types, tags and saved searches in \`search\` (${field}=)`, r.from(start))
  return make(x, r.from(start), { compare: [field, op, text] })
}

function valueMissing(r: Reader, op: string, at: Span): Error {
  if (r.char === '[') return notSupported('subsearches', { start: r.pos, end: r.pos + 1 })
  return unparsable(`Comparator '${op}' is missing a term on the right hand side`, at)
}

/** `field=CASE(x)` compares with case; `field=TERM(x)` also wants the value as a term of the event. */
function directed(
  x: PredicateReader,
  left: { readonly start: number; readonly field: string; readonly op: Comparator },
  d: Directive,
): Predicate {
  const span = x.reader.from(left.start)
  const compare = make(x, span, { compare: [left.field, left.op, d.text], ...(d.name === 'CASE' && { exactCase: true }) })
  return d.name === 'TERM' && left.op === '=' ? make(x, span, { and: [compare, make(x, span, { term: d.text })] }) : compare
}

/** in := field "IN" "(" value ("," value)* ")" */
function inList(x: PredicateReader, start: number, field: string): Predicate {
  const r = x.reader
  const opened = r.pos++
  const values: string[] = []
  for (;;) {
    r.skipSeparators()
    if (r.char === ')') break
    const value = r.char === '"' ? takeQuoted(r) : r.match(VALUE)
    if (value === undefined) throw unparsable('unbalanced parentheses', { start: opened, end: opened + 1 })
    values.push(r.text[r.pos - 1] === '"' ? value : unescapeQuoted(value))
  }
  r.pos++
  if (values.length === 0) throw unparsable("Comparator 'IN' is missing a term on the right hand side", r.from(start))
  return make(x, r.from(start), { in: [field, values] })
}
