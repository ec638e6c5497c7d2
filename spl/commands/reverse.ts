import { keptRows } from '../operators/kept-rows'
import { asTheyCame } from '../operators/sort-keys'
import { command } from '../syntax/command'

export default command({
  name: 'reverse',
  summary: 'Turns the order of the results around.',
  source: 'Search Reference 9.x, reverse',
  kind: 'dataset processing',
  syntax: {},
  needs: (_args, after) => ({ ...after, ordered: true }),
  accumulate: (_args, context) =>
    keptRows({ compare: asTheyCame, limit: Number.POSITIVE_INFINITY, reversed: true, demand: context.wanted, context }),
  examples: ['reverse'],
})
