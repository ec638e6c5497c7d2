import { type Demand, wants } from '../batch/demand'
import { type Expression, fieldsOf } from '../expressions/expression'
import { parseExpression } from '../expressions/parse'
import { checkExpression } from '../expressions/types'
import { nearest } from '../text/problem'
import { fail, notSupported } from '../text/problems'
import { quoteEnd, unescapeQuoted } from '../text/reader'
import type { Span } from '../text/source'
import { isInternal } from '../values/field-pattern'
import { hasWildcard } from '../values/wildcard'
import { type ArgumentReader, FIELD } from './arguments'
import type { Syntax } from './shapes'
import type { Aggregation } from './statistics'

/** One statistic of a `stats`: plain data. */
export interface Term {
  /** Name of the statistic, not an alias of it. */
  readonly function: string
  /** The number at the end of its name: 95 of `perc95`. */
  readonly number?: number
  /** The field, or a pattern with `*`; without it and without `expression` rows are counted. */
  readonly field?: string
  readonly expression?: Expression
  /** The output column: after AS, else the call as it was written. Holds as many `*` as the field. */
  readonly name: string
  /** Whether it was written without a field and means all: `avg` is `avg(*)`. */
  readonly implied?: true
  /** Whether the statistic reads `_time`. */
  readonly timed?: true
}

/** Where the parts of a term were written. */
export interface TermSpans {
  readonly call: Span
  readonly as?: Span
}

const CALL = /[A-Za-z_][\w.]*/y
const REST_OF_CALL = /[^)]*\)?/y
const NUMBERED = /^([a-z_]+?)(\d+(?:\.\d+)?)$/
/** What Splunk has among its statistics and we do not. */
export const REFUSED_STATISTICS: readonly string[] = [
  'sparkline',
  'rate_avg',
  'rate_sum',
  'per_second',
  'per_minute',
  'per_hour',
  'per_day',
]

/** terms := term ([","] term)* ; ends at an option or clause of the command. @param who  the command, for its messages */
export function aggregations(who: string): Syntax<readonly Term[]> {
  return {
    usage: '<func>(<field>|eval(<expr>)) [AS <name>] ...',
    expects: 'a statistic',
    read(r) {
      const terms: Term[] = []
      const spans: TermSpans[] = []
      do {
        r.skipSeparators()
        const { term, at } = readTerm(r, who)
        terms.push(term)
        spans.push(at)
      } while (!r.done && !r.stops())
      r.spans = spans
      return terms
    },
  }
}

/** term := name ["(" ["eval(" expression ")" | field] ")"] ["AS" name] */
function readTerm(r: ArgumentReader, who: string): { readonly term: Term; readonly at: TermSpans } {
  const start = r.pos
  const typed = r.match(CALL)
  if (typed === undefined) throw unknown(r, who, start)
  const inner = readInner(r, who, start, typed)
  const called = resolve(r, { who, start, typed })
  const call = r.from(start)
  const renamed = readName(r, who)
  if (inner.expression && !renamed) throw fail('stats-rename', { command: who, field: inner.text }, call)
  const term = termOf(typed, inner, called, renamed?.text)
  if (stars(term.field ?? '') !== stars(term.name))
    throw fail('stats-wildcards', { command: who, from: term.field ?? '', to: term.name }, renamed?.span ?? call)
  return { term, at: { call, ...(renamed && { as: renamed.span }) } }
}

function termOf(typed: string, inner: Inner, { aggregation, number }: Called, renamed: string | undefined): Term {
  const implied = inner.field === undefined && !inner.expression && aggregation.takes !== 'rows'
  const field = implied ? '*' : inner.field
  return {
    function: aggregation.name,
    ...(number !== undefined && { number }),
    ...(field !== undefined && { field }),
    ...(inner.expression && { expression: inner.expression }),
    name: renamed ?? (field === undefined ? typed : `${typed}(${field})`),
    ...(implied && { implied }),
    ...(aggregation.takes === 'timed' && { timed: true }),
  }
}

interface Called {
  readonly aggregation: Aggregation
  readonly number?: number
}

const stars = (text: string) => text.split('*').length - 1

/** The statistic of a typed name, with the number at its end. */
function resolve(
  r: ArgumentReader,
  { who, start, typed }: { readonly who: string; readonly start: number; readonly typed: string },
): Called {
  const all = r.vocabulary.aggregations
  const name = typed.toLowerCase()
  const plain = all.get(name)
  if (plain && !plain.numbered) return { aggregation: plain }
  const [, base, digits] = NUMBERED.exec(name) ?? []
  const numbered = base === undefined ? undefined : all.get(base)
  if (!numbered?.numbered)
    throw REFUSED_STATISTICS.includes(name) ? notSupported(`the statistic '${name}'`, r.from(start)) : unknown(r, who, start)
  const number = Number(digits)
  if (number >= 100) throw fail('stats-percentile', { command: who }, r.from(start))
  return { aggregation: numbered, number }
}

function unknown(r: ArgumentReader, who: string, start: number): Error {
  if (r.pos === start) r.match(/[^\s,]+/y)
  const argument = r.text.slice(start, r.pos)
  const name = /^[\w.]+/.exec(argument)?.[0] ?? argument
  return fail('stats-function', { command: who, argument, nearest: nearest(name, r.vocabulary.aggregations.keys()) }, r.from(start))
}

interface Inner {
  readonly field?: string
  readonly expression?: Expression
  /** As it was written, for messages. */
  readonly text: string
}

/** What stands in the parentheses, which may be missing or empty. */
function readInner(r: ArgumentReader, who: string, start: number, typed: string): Inner {
  if (r.char !== '(') return { text: '' }
  r.pos++
  r.skipBlanks()
  if (REFUSED_STATISTICS.includes(typed.toLowerCase())) {
    r.match(REST_OF_CALL)
    throw notSupported(`the statistic '${typed.toLowerCase()}'`, r.from(start))
  }
  const expression = readEval(r, who)
  if (expression) {
    const text = r.text.slice(expression.span.start, expression.span.end)
    close(r, who, start)
    return { expression, text }
  }
  const field = readField(r)
  if (field === undefined) throw invalid(r, who, start)
  close(r, who, start)
  return field === '' ? { text: '' } : { field, text: field }
}

function close(r: ArgumentReader, who: string, start: number): void {
  r.skipBlanks()
  if (r.char !== ')') throw invalid(r, who, start)
  r.pos++
}

/** The whole call, up to where it would end, is what does not fit. */
function invalid(r: ArgumentReader, who: string, start: number): Error {
  r.match(REST_OF_CALL)
  return fail('stats-function', { command: who, argument: r.text.slice(start, r.pos), nearest: undefined }, r.from(start))
}

function readEval(r: ArgumentReader, who: string): Expression | undefined {
  const at = r.pos
  if (!r.takeWord('eval')) return undefined
  r.skipBlanks()
  if (r.char !== '(') {
    r.pos = at
    return undefined
  }
  const opened = r.pos++
  const e = parseExpression({ reader: r, who, nextId: r.nextId })
  checkExpression(e, r.vocabulary.functions, who)
  r.skipBlanks()
  if (!r.startsWith(')'))
    throw fail('eval-malformed', { who, tail: 'Expected ).' }, r.atEnd ? { start: opened, end: opened + 1 } : r.from(r.pos))
  r.pos++
  return e
}

/** field := "quoted" | 'quoted' | all up to the closing parenthesis, which may hold pairs of parentheses; '' where nothing stands */
function readField(r: ArgumentReader): string | undefined {
  const quoted = readQuoted(r)
  if (quoted !== undefined) return quoted
  const start = r.pos
  for (let depth = 0; !r.atEnd; r.pos++) {
    if (r.char === '(') depth++
    else if (r.char === ')' && depth-- === 0) break
  }
  const text = r.text.slice(start, r.pos).trim()
  return /[\s,"=|]/.test(text) ? undefined : text
}

function readQuoted(r: ArgumentReader): string | undefined {
  const quote = r.char
  if (quote !== '"' && quote !== "'") return undefined
  const start = r.pos
  const end = quoteEnd(r.text, start, r.end, quote)
  if (end < 0) throw fail('unbalanced-quotes', {}, { start, end: start + 1 })
  r.pos = end
  return unescapeQuoted(r.text.slice(start + 1, end - 1))
}

/** The name after AS; undefined where no AS stands. */
function readName(r: ArgumentReader, who: string): { readonly text: string; readonly span: Span } | undefined {
  const before = r.pos
  r.skipBlanks()
  const as = r.pos
  if (!r.takeWord('as')) {
    r.pos = before
    return undefined
  }
  const keyword = r.from(as)
  r.skipBlanks()
  const start = r.pos
  if (r.atEnd || r.char === ',' || r.stops()) throw fail('stats-as-empty', { command: who }, keyword)
  const text = readQuoted(r) ?? r.word(FIELD)?.text
  if (text === undefined) throw r.unexpected()
  if (text === '') throw fail('stats-as-empty', { command: who }, keyword)
  return { text, span: r.from(start) }
}

/** The fields after BY. */
export function byFields(who: string): Syntax<readonly string[]> {
  return {
    usage: '<field-list>',
    expects: 'a field name',
    read(r) {
      const fields: string[] = []
      const spans: Span[] = []
      while (!r.done && !r.stops()) {
        const start = r.pos
        const field = readQuoted(r) ?? r.word(FIELD)?.text
        if (field === undefined || hasWildcard(field) || r.char === '=') throw fieldRefused(r, who, start)
        if (fields.includes(field)) throw fail('stats-by-repeated', { command: who, field }, r.from(start))
        fields.push(field)
        spans.push(r.from(start))
      }
      if (fields.length === 0) throw fail('stats-by-empty', { command: who })
      r.spans = spans
      return fields
    },
  }
}

function fieldRefused(r: ArgumentReader, who: string, start: number): Error {
  r.pos = start
  if (r.optionHere()) return r.unexpected()
  const argument = r.match(/[^\s,]+/y) ?? ''
  return fail('command-argument', { command: who, argument }, r.from(start))
}

/**
 * What a command refuses of its terms as a whole: a column named like a BY field, and two different ones of the same name.
 * @throws SplProblem of phase `setup`
 */
export function checkTerms(who: string, terms: readonly Term[], by: readonly string[], spans: unknown): void {
  const at = (i: number): Span | undefined =>
    (spans as readonly TermSpans[] | undefined)?.[i]?.as ?? (spans as readonly TermSpans[] | undefined)?.[i]?.call
  terms.forEach((t, i) => {
    if (by.includes(t.name)) throw fail('stats-output-by', { command: who, field: t.name }, at(i))
    const first = terms.findIndex((u) => u.name === t.name)
    if (first < i && !sameTerm(terms[first]!, t))
      throw fail('stats-duplicate', { command: who, count: 1, originals: callText(t), names: t.name }, at(i))
  })
}

/** The same statistic of the same field, written twice. */
export const sameTerm = (a: Term, b: Term): boolean =>
  a.function === b.function && a.number === b.number && a.field === b.field && !a.expression && !b.expression

const callText = (t: Term) => (t.field === undefined ? t.function : `${t.function}${t.number ?? ''}(${t.field})`)

/** What terms read: fields, patterns and what expressions name. A wildcard means no internal field unless it begins like one. */
export function neededBy(terms: readonly Term[], by: readonly string[]): Demand {
  const fields = new Set(by)
  for (const t of terms) {
    if (t.field !== undefined) fields.add(t.field)
    if (t.timed) fields.add('_time')
    for (const f of t.expression ? fieldsOf(t.expression) : []) fields.add(f)
  }
  const wild = [...fields].filter(hasWildcard)
  return { fields: [...fields], except: wild.length > 0 && !wild.some(isInternal) ? ['_*'] : [], ordered: false }
}

/** The terms whose columns are wanted; which ones a wildcard makes shows in the rows only. */
export const wantedTerms = (terms: readonly Term[], wanted: Demand): readonly Term[] =>
  terms.filter((t) => hasWildcard(t.name) || wants(wanted, t.name))
