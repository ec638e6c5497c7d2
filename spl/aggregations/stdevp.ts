import { sum } from '../operators/cells'
import { statistic } from '../operators/statistic'
import { root, variance } from '../operators/variance'

export default statistic({
  name: 'stdevp',
  summary: 'The population standard deviation of the numbers.',
  source: 'Search Reference, Statistical and charting functions, stdevp',
  takes: 'numbers',
  cells: { n: sum, total: sum, squares: sum },
  add(c, groups, x, n) {
    const count = c.n.of
    const total = c.total.of
    const squares = c.squares.of
    for (let i = 0; i < n; i++) {
      const g = groups[i]!
      const v = x[i]!
      count[g]!++
      total[g]! += v
      squares[g]! += v * v
    }
  },
  value: (c, g) => root(variance(c.n.of[g]!, c.total.of[g]!, c.squares.of[g]!, true)),
  examples: ['stats stdevp(x) BY host'],
})
