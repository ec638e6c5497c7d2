import { type Batch, rowsOf } from '../batch/batch'
import type { Column } from '../batch/column'
import { compileExpression, type Program } from '../expressions/compile'
import { evaluateColumn } from '../expressions/evaluate'
import type { Term } from '../syntax/aggregation'
import type { RunContext } from '../syntax/behaviour'
import type { Aggregation, Tally } from '../syntax/statistics'
import { fieldWildcard } from '../values/field-pattern'
import { fillWildcard, hasWildcard } from '../values/wildcard'

/** What a term is given of one batch: one column, or one for each field that its wildcard finds. */
export interface Source {
  /** The field, '' where there is none. */
  readonly field: string
  /** The column that it makes. */
  readonly name: string
  /** `rows` where rows as such are counted. */
  readonly column: Column | 'rows' | undefined
}

/** A term, ready to look at batches. */
export interface TermSource {
  readonly term: Term
  readonly aggregation: Aggregation
  readonly wild: boolean
  of(batch: Batch): readonly Source[]
  open(): Tally
}

export interface TermOptions {
  readonly by: readonly string[]
  readonly allnum: boolean
  /** Who speaks in messages. */
  readonly command: string
}

export function termSource(term: Term, o: TermOptions, context: RunContext): TermSource {
  const aggregation = context.aggregations.get(term.function)
  if (!aggregation) throw new Error(`BUG: no statistic '${term.function}'`)
  const open = () => aggregation.open({ number: term.number ?? 0, allnum: o.allnum })
  const { field, name } = term
  const wild = field !== undefined && hasWildcard(field)
  return { term, aggregation, wild, open, of: wild ? wildcardSource(field, name, o.by) : plainSource(term, o.command, context) }
}

function plainSource(term: Term, command: string, context: RunContext): TermSource['of'] {
  const { field, name, expression } = term
  if (expression) {
    const program = compileExpression(expression, context.functions, context, command)
    const column = (batch: Batch) => context.guard(program.risky, () => evaluated(program, batch, term, context))
    return (batch) => [{ field: '', name, column: column(batch) }]
  }
  return (batch) => [{ field: field ?? '', name, column: field === undefined ? 'rows' : batch.column(field) }]
}

/** `count(eval(condition))` counts where it is true: a boolean is no value to the other statistics. */
function evaluated(program: Program, batch: Batch, term: Term, context: RunContext): Column {
  const certain = program.type === 'number' || program.type === 'text'
  return term.function === 'count' && !certain
    ? truths(program, batch)
    : evaluateColumn(program, batch, () => context.dictionary(term.name))
}

/** 1 where the expression is true or a value, null where it is false or null. */
function truths(program: Program, batch: Batch): Column {
  const nulls = new Uint8Array(batch.rows).fill(1)
  const frame = program.frame(batch)
  for (const row of rowsOf(batch)) {
    frame.row = row
    const v = program.root.value(frame)
    if (v !== null && v !== false) nulls[row] = 0
  }
  return { kind: 'number', numbers: new Float64Array(batch.rows).fill(1), nulls }
}

/** The fields of the batch that a pattern finds; BY fields are none of them, and no column takes the name of one. */
function wildcardSource(field: string, to: string, by: readonly string[]): TermSource['of'] {
  const pattern = fieldWildcard(field)
  const known = new Map<string, string | undefined>()
  const nameOf = (f: string): string | undefined => {
    if (by.includes(f) || !pattern.test(f)) return undefined
    const made = fillWildcard(to, pattern.captures(f) ?? [])
    return by.includes(made) ? undefined : made
  }
  return (batch) => {
    const found: Source[] = []
    for (const f of batch.names()) {
      if (!known.has(f)) known.set(f, nameOf(f))
      const name = known.get(f)
      if (name !== undefined) found.push({ field: f, name, column: batch.column(f) })
    }
    return found
  }
}
