import { plus } from '../batch/demand'
import { compileExpression } from '../expressions/compile'
import { filterBy } from '../expressions/evaluate'
import { fieldsOf } from '../expressions/expression'
import { command } from '../syntax/command'
import { expression, whole } from '../syntax/shapes'

export default command({
  name: 'where',
  summary: 'Keeps the results for which an expression is true; false and null drop them.',
  source: 'Search Reference 9.x, where',
  kind: 'distributable streaming',
  syntax: { test: whole(expression('where', ['boolean', 'any']), 'where') },
  missing: { test: "The expression is invalid. The result of a 'where' expression must be boolean." },
  needs: ({ test }, after) => plus(after, ...fieldsOf(test)),
  map({ test }, context) {
    const program = compileExpression(test, context.functions, context, 'where')
    return (batch) => context.guard(program.risky, () => filterBy(program, batch))
  },
  examples: ['where isnotnull(user) AND bytes > 1000', 'where like(path, "/admin/%")', 'where \'user-agent\' = "curl"'],
})
