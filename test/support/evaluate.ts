import { readCatalogue } from '../../search/catalogue'
import { batchOf } from '../../spl/batch/batch'
import { ColumnBuilder } from '../../spl/batch/builder'
import { type Column, constant, valueAt } from '../../spl/batch/column'
import { TextDictionary } from '../../spl/batch/dictionary'
import { compileExpression, type Program } from '../../spl/expressions/compile'
import type { EvaluationContext } from '../../spl/expressions/compiled'
import { evaluateColumn } from '../../spl/expressions/evaluate'
import type { EvalFunction } from '../../spl/expressions/function'
import { parseExpression } from '../../spl/expressions/parse'
import { byName } from '../../spl/language'
import { SplProblem } from '../../spl/text/problem'
import { fail } from '../../spl/text/problems'
import { Reader } from '../../spl/text/reader'
import { EXACT, placesOf } from '../../spl/values/number'
import { zone } from '../../spl/values/time/zone'
import { multivalue, textOf, textsOf, type Value } from '../../spl/values/value'

/** All functions of the catalogue's folder, by name and alias. */
export const functions: ReadonlyMap<string, EvalFunction> = byName(readCatalogue('functions').map((e) => e.definition as EvalFunction))

export const context: EvaluationContext = { now: 1_700_000_000, clock: () => 1_700_000_000.25, random: () => 0.25, zone: zone('UTC') }

export type Fields = Readonly<Record<string, Value>>

/** Compiles an expression as `eval` does. @throws SplProblem */
export function program(text: string): Program {
  const reader = new Reader(text)
  let id = 0
  const e = parseExpression({ reader, who: 'EvalCommand', nextId: () => id++ })
  reader.skipBlanks()
  if (!reader.atEnd) throw fail('eval-malformed', { who: 'EvalCommand', tail: reader.rest() }, { start: reader.pos, end: reader.end })
  const compiled = compileExpression(e, functions, context)
  if (compiled.type === 'boolean') throw fail('eval-boolean', { who: 'EvalCommand' }, e.span)
  return compiled
}

/** How a field may lie in a batch: the answer must not depend on it. */
export const LAYOUTS = ['dictionary', 'constant', 'built'] as const
type Layout = (typeof LAYOUTS)[number]

function column(given: Value, layout: Layout): Column {
  // A multivalue of one is a plain text wherever it comes from.
  const v = Array.isArray(given) ? multivalue(given as readonly string[]) : given
  if (layout === 'constant') return constant(v, typeof v === 'number' ? placesOf(String(v)) : EXACT)
  if (layout === 'dictionary' && !Array.isArray(v)) {
    const dictionary = new TextDictionary()
    // A second row with another text: the first row's code must be told from it.
    const code = v === null ? -1 : dictionary.intern(textOf(v)!)
    return { kind: 'dictionary', codes: Int32Array.of(code, dictionary.intern('another')), dictionary }
  }
  const builder = new ColumnBuilder()
  builder.push(v, typeof v === 'number' ? placesOf(String(v)) : EXACT)
  builder.push(v, typeof v === 'number' ? placesOf(String(v)) : EXACT)
  return builder.build()
}

/** What an expression gives for one row, as it prints: a text, a list for a multivalue, null for nothing. */
export function evaluate(text: string, fields: Fields = {}, layout: Layout = 'dictionary'): string | null | readonly string[] {
  const batch = batchOf(
    2,
    Object.entries(fields).map(([name, v]) => [name, column(v, layout)] as const),
  )
  const made = evaluateColumn(program(text), batch, () => new TextDictionary())
  const texts = textsOf(valueAt(made, 0))
  return texts.length === 0 ? null : texts.length === 1 ? texts[0]! : texts
}

/** The message of the problem that an expression is refused with, or undefined. */
export function refusal(text: string): string | undefined {
  try {
    evaluate(text)
    return undefined
  } catch (e) {
    if (e instanceof SplProblem) return e.problem.message
    throw e
  }
}
