import { least, most } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'range',
  summary: 'The difference between the greatest and the least number.',
  source: 'Search Reference, Statistical and charting functions, range',
  takes: 'numbers',
  cells: { low: least, high: most },
  add(c, groups, x, n) {
    const low = c.low.of
    const high = c.high.of
    for (let i = 0; i < n; i++) {
      const g = groups[i]!
      const v = x[i]!
      if (v < low[g]!) low[g] = v
      if (v > high[g]!) high[g] = v
    }
  },
  value: (c, g) => (c.high.of[g]! < c.low.of[g]! ? null : c.high.of[g]! - c.low.of[g]!),
  examples: ['stats range(x) BY host'],
})
