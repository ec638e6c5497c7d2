import { alive, type Batch, rowsOf } from '../batch/batch'
import { isNullAt } from '../batch/column'
import { ordered, plus } from '../batch/demand'
import { compileExpression } from '../expressions/compile'
import { type Expression, fieldsOf } from '../expressions/expression'
import { parseExpression } from '../expressions/parse'
import { checkExpression } from '../expressions/types'
import type { ArgumentReader } from '../syntax/arguments'
import { type RunContext, STOP, type StepBatch } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, integer, maybe, option, own, refusal } from '../syntax/shapes'
import { SplProblem } from '../text/problem'

const DEFAULT = 10
const NO_CONDITION = 'The argument must be a positive number or a boolean expression.'
/** A number that does not begin an expression. */
const COUNT = /^[+-]?\d+(?=\s*(?:$|\(|[A-Za-z_]))/

interface Arguments {
  readonly count: number | undefined
  readonly test: Expression | undefined
  readonly limit: number | undefined
  readonly null: boolean
  readonly keeplast: boolean
}

export default command({
  name: 'head',
  summary: 'Keeps the first results, up to a number or as long as an expression is true.',
  source: 'Search Reference 9.x, head',
  kind: 'centralized streaming',
  syntax: {
    count: maybe(own('<int>', 'a number', readCount), undefined),
    test: maybe(own('(<eval-expression>)', 'a boolean expression', readTest), undefined),
    limit: option('limit', integer, undefined),
    null: option('null', boolean, false),
    keeplast: option('keeplast', boolean, false),
  },
  check({ count, limit }) {
    if (count !== undefined && limit !== undefined) throw refusal('head', NO_CONDITION)
    if ((count ?? limit ?? 1) < 1) throw refusal('head', 'The number of results must be a positive number.')
  },
  needs: ({ test }, after) => ordered(plus(after, ...(test ? fieldsOf(test) : []))),
  atMost: most,
  step: (args, context) => (args.test ? whileTrue(args, args.test, context) : firstRows(most(args)!)),
  perTask: ({ test }) => test === undefined,
  examples: ['head', 'head 20', 'head limit=5', 'head (bytes < 1000) keeplast=true null=false'],
})

function most({ count, limit, test }: Arguments): number | undefined {
  return count ?? limit ?? (test ? undefined : DEFAULT)
}

function readCount(r: ArgumentReader): number {
  r.skipBlanks()
  const found = COUNT.exec(r.rest())?.[0]
  if (found === undefined) throw r.unexpected()
  r.pos += found.length
  return Number(found)
}

/** What is no expression at all is refused in the command's words and not as a malformed expression. */
function readTest(r: ArgumentReader): Expression {
  const start = r.pos
  try {
    const e = parseExpression({ reader: r, who: 'head', nextId: r.nextId })
    const type = checkExpression(e, r.vocabulary.functions, 'head')
    if (type === 'boolean' || (type === 'any' && !('field' in e))) return e
  } catch (e) {
    if (!(e instanceof SplProblem) || e.problem.code !== 'eval-malformed') throw e
  }
  throw refusal('head', NO_CONDITION, { start, end: r.end })
}

function firstRows(count: number): StepBatch {
  let left = count
  return (batch) => {
    if (left <= 0) return STOP
    if (alive(batch) < left) {
      left -= alive(batch)
      return batch
    }
    const kept = left
    left = 0
    return cut(batch, kept)
  }
}

function whileTrue(args: Arguments, test: Expression, context: RunContext): StepBatch {
  const program = compileExpression(test, context.functions, context, 'head')
  let left = most(args) ?? Number.POSITIVE_INFINITY
  let done = false
  const fields = fieldsOf(test)
  // null=true lets through the rows in which the test cannot be decided, because a field of it has no value.
  const isNull = (batch: Batch, row: number) => args.null && fields.some((f) => isNullAt(batch.column(f), row))
  const failsAt = (batch: Batch): number => {
    const frame = program.frame(batch)
    const rows = rowsOf(batch)
    const n = Math.min(left, rows.length)
    for (let i = 0; i < n; i++) {
      frame.row = rows[i]!
      if (!program.root.truth(frame) && !isNull(batch, frame.row)) return i
    }
    return -1
  }
  return (batch) => {
    if (done || left <= 0) return STOP
    const at = context.guard(program.risky, () => failsAt(batch))
    const kept = Math.min(left, at < 0 ? alive(batch) : at + (args.keeplast ? 1 : 0))
    left -= kept
    done = at >= 0
    return done || left <= 0 ? cut(batch, kept) : batch
  }
}

/** The first rows of a batch as the last that come out. */
function cut(batch: Batch, kept: number): ReturnType<StepBatch> {
  if (kept === 0) return STOP
  return { last: kept === alive(batch) ? batch : batch.narrow(rowsOf(batch).slice(0, kept)) }
}
