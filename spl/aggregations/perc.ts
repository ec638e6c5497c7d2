import { numbers } from '../operators/cells'
import { percentile } from '../operators/percentile'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'perc',
  aliases: ['p'],
  summary: 'The number below which so many percent of the numbers lie, interpolated between the closest ranks.',
  source: 'Search Reference, Statistical and charting functions, perc; measured on 10.4',
  takes: 'numbers',
  number: true,
  cells: { x: numbers('nearest') },
  add(c, groups, x, n) {
    for (let i = 0; i < n; i++) c.x.add(groups[i]!, x[i]!)
  },
  value: (c, g, number) => percentile(c.x.ranked(g), number),
  examples: ['stats perc95(bytes) BY host'],
})
