import { batchOf } from '../spl/batch/batch'
import { constant } from '../spl/batch/column'
import { compileExpression } from '../spl/expressions/compile'
import type { EvaluationContext } from '../spl/expressions/compiled'
import { parseExpression } from '../spl/expressions/parse'
import type { Functions } from '../spl/expressions/types'
import { fail } from '../spl/text/problems'
import { Reader } from '../spl/text/reader'
import type { Evaluate } from './expand'

const WHO = 'EvalCommand'

/** Evaluates expressions of macros as `eval` would, on one row whose fields are the arguments. */
export function macroEvaluator(functions: Functions, context: EvaluationContext): Evaluate {
  return (expression, args) => {
    const program = compileExpression(readExpression(expression), functions, context, WHO)
    const frame = program.frame(
      batchOf(
        1,
        Object.entries(args).map(([name, value]) => [name, constant(value)]),
      ),
    )
    const value = program.root.value(frame)
    return typeof value === 'object' && value !== null ? value.join('\n') : value
  }
}

function readExpression(text: string) {
  const reader = new Reader(text)
  let id = 0
  const expression = parseExpression({ reader, who: WHO, nextId: () => id++ })
  reader.skipBlanks()
  if (!reader.atEnd) throw fail('eval-malformed', { who: WHO })
  return expression
}
