import { sum } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'estdc_error',
  summary: 'The error of estdc: none, since it is exact.',
  source: 'Search Reference, Statistical and charting functions, estdc_error',
  takes: 'rows',
  cells: { n: sum },
  add(c, groups, n) {
    for (let i = 0; i < n; i++) c.n.of[groups[i]!]!++
  },
  value: (c, g) => (c.n.of[g] ? 0 : null),
  examples: ['stats estdc_error(user)'],
})
