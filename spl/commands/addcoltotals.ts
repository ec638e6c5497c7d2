import { ordered } from '../batch/demand'
import { command } from '../syntax/command'
import { fieldPattern, list, maybe, option, text } from '../syntax/shapes'

export default command({
  name: 'addcoltotals',
  summary: 'Adds a result with the sums of the columns.',
  source: 'Search Reference 9.x, addcoltotals',
  kind: 'transforming',
  syntax: {
    labelfield: option('labelfield', text, undefined),
    label: option('label', text, 'Total'),
    fields: maybe(list(fieldPattern), ['*'] as readonly string[]),
  },
  needs: (_args, after) => ordered(after),
  rewrite: (args) => [{ command: 'addtotals', args: { ...args, row: false, col: true, fieldname: 'Total' } }],
  examples: ['addcoltotals', 'addcoltotals labelfield=product label=ALL views'],
})
