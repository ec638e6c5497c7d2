import { keptRows } from '../operators/kept-rows'
import { asTheyCame } from '../operators/sort-keys'
import { command } from '../syntax/command'
import { integer, maybe } from '../syntax/shapes'

export default command({
  name: 'tail',
  summary: 'The last results, the last one first.',
  source: 'Search Reference 9.x, tail',
  kind: 'dataset processing',
  syntax: { count: maybe(integer, 10) },
  needs: (_args, after) => ({ ...after, ordered: true }),
  accumulate: ({ count }, context) => keptRows({ compare: asTheyCame, limit: count, reversed: true, demand: context.wanted, context }),
  examples: ['tail', 'tail 5'],
})
