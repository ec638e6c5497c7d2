import { sum } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'avg',
  aliases: ['mean'],
  summary: 'The mean of the numbers.',
  source: 'Search Reference, Statistical and charting functions, avg',
  takes: 'numbers',
  cells: { n: sum, total: sum },
  add(c, groups, x, n) {
    const count = c.n.of
    const total = c.total.of
    for (let i = 0; i < n; i++) {
      const g = groups[i]!
      count[g]!++
      total[g]! += x[i]!
    }
  },
  value: (c, g) => (c.n.of[g] ? c.total.of[g]! / c.n.of[g]! : null),
  examples: ['stats avg(bytes) BY host'],
})
