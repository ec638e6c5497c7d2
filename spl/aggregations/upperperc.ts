import { numbers } from '../operators/cells'
import { percentile } from '../operators/percentile'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'upperperc',
  summary: 'As perc; where a group has more than 10,000 distinct numbers, no less than it.',
  source: 'Search Reference, Statistical and charting functions, perc; measured on 10.4',
  takes: 'numbers',
  number: true,
  cells: { x: numbers('up') },
  add(c, groups, x, n) {
    for (let i = 0; i < n; i++) c.x.add(groups[i]!, x[i]!)
  },
  value: (c, g, number) => percentile(c.x.ranked(g), number),
  examples: ['stats upperperc95(bytes) BY host'],
})
