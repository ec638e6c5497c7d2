import { numbers } from '../operators/cells'
import { nearestRank } from '../operators/percentile'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'exactperc',
  summary: 'The number at the nearest rank of so many percent.',
  source: 'Search Reference, Statistical and charting functions, exactperc; measured on 10.4',
  takes: 'numbers',
  number: true,
  cells: { x: numbers() },
  add(c, groups, x, n) {
    for (let i = 0; i < n; i++) c.x.add(groups[i]!, x[i]!)
  },
  value: (c, g, number) => nearestRank(c.x.ranked(g), number),
  examples: ['stats exactperc95(bytes) BY host'],
})
