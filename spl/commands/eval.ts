import { withColumns } from '../batch/batch'
import { type Demand, minus, plus, wants } from '../batch/demand'
import { compileExpression, type Program } from '../expressions/compile'
import { evaluateColumn } from '../expressions/evaluate'
import { type Expression, fieldsOf } from '../expressions/expression'
import { parseExpression } from '../expressions/parse'
import { checkExpression } from '../expressions/types'
import { columnsNamedByValues, nameFields } from '../operators/value-names'
import type { ArgumentReader } from '../syntax/arguments'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { own } from '../syntax/shapes'
import { fail } from '../text/problems'
import { quoteEnd, unescapeQuoted } from '../text/reader'
import type { Span } from '../text/source'

interface Assignment {
  /** May hold `{field}`: the field's value stands there. */
  readonly to: string
  readonly value: Expression
}

const WHO = 'EvalCommand'

export default command({
  name: 'eval',
  summary: 'Sets fields to the values of expressions; later ones see earlier ones.',
  source: 'Search Reference 9.x, eval',
  kind: 'distributable streaming',
  syntax: { assignments: own('<field>=<expression>, ...', 'field = expression', readAssignments) },
  missing: { assignments: () => fail('eval-missing', { who: WHO }) },
  needs: ({ assignments }, after) => assignments.reduceRight(before, after),
  map({ assignments }, context) {
    const steps = assignments.map((a) => assign(a, context))
    return (batch) => steps.reduce((b, step) => step(b) as typeof batch, batch)
  },
  examples: ['eval kb = bytes / 1024', 'eval a = 1, b = a + 1', 'eval "full name" = first . " " . last', 'eval {key} = value'],
})

/** What is asked before one assignment: nothing for it, when what it sets is not wanted. */
function before(after: Demand, { to, value }: Assignment): Demand {
  const names = nameFields(to)
  // Which field it sets shows in the rows only, so all that is wanted stays wanted.
  if (names.length > 0) return plus(after, ...names, ...fieldsOf(value))
  return wants(after, to) ? plus(minus(after, to), ...fieldsOf(value)) : after
}

function assign({ to, value }: Assignment, context: RunContext): MapBatch {
  const program = compileExpression(value, context.functions, context, WHO)
  const make = (below: Parameters<MapBatch>[0], p: Program = program) =>
    context.guard(p.risky, () => evaluateColumn(p, below, () => context.dictionary(to)))
  if (nameFields(to).length > 0) return (batch) => withColumns(batch, columnsNamedByValues(batch, to, make(batch), context))
  // Made when first asked for: what no later stage reads costs nothing.
  return (batch) => withColumns(batch, new Map([[to, (below) => make(below)]]))
}

/** assignments := destination "=" expression ("," destination "=" expression)* */
function readAssignments(r: ArgumentReader): readonly Assignment[] {
  const found: Assignment[] = []
  const spans: { to: Span; value: Span }[] = []
  do {
    r.skipBlanks()
    const start = r.pos
    const to = readDestination(r)
    const toSpan = r.from(start)
    const value = readValue(r)
    found.push({ to, value })
    spans.push({ to: toSpan, value: value.span })
    r.skipBlanks()
  } while (takeComma(r))
  r.spans = spans
  return found
}

function takeComma(r: ArgumentReader): boolean {
  if (r.atEnd) return false
  if (r.char !== ',') {
    throw fail(
      'eval-malformed',
      { who: WHO, tail: `An unexpected character is reached at '${r.rest().slice(0, 60)}'.` },
      { start: r.pos, end: r.pos + 1 },
    )
  }
  r.pos++
  return true
}

function readValue(r: ArgumentReader): Expression {
  r.skipBlanks()
  if (r.char !== '=' || r.peek(1) === '=') throw fail('eval-usage', { who: WHO }, { start: r.pos, end: Math.min(r.end, r.pos + 1) })
  r.pos++
  const value = parseExpression({ reader: r, who: WHO, nextId: r.nextId })
  if (checkExpression(value, r.vocabulary.functions, WHO) === 'boolean') throw fail('eval-boolean', { who: WHO }, value.span)
  return value
}

/** destination := "quoted" | 'quoted' | name, each with `{field}` parts */
function readDestination(r: ArgumentReader): string {
  const start = r.pos
  const name = r.char === '"' || r.char === "'" ? readQuoted(r, r.char) : (r.match(/[^\s=,"'()]+/y) ?? '')
  if (name === '') throw fail(r.atEnd ? 'eval-usage' : 'eval-destination', { who: WHO }, { start, end: Math.min(r.end, start + 1) })
  if (name.replace(/\{[^{}]*\}/g, '').includes('{')) throw fail('eval-destination-braces', { who: WHO }, r.from(start))
  return name
}

function readQuoted(r: ArgumentReader, quote: string): string {
  const start = r.pos
  const end = quoteEnd(r.text, start, r.end, quote)
  if (end < 0) throw fail('unbalanced-quotes', {}, { start, end: start + 1 })
  r.pos = end
  return unescapeQuoted(r.text.slice(start + 1, end - 1))
}
