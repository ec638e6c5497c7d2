import { numbers } from '../operators/cells'
import { median } from '../operators/percentile'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'median',
  summary: 'The middle number; of an even count the mean of the two in the middle, an exact half rounded up.',
  source: 'Search Reference, Statistical and charting functions, median; measured on 10.4',
  takes: 'numbers',
  cells: { x: numbers('nearest') },
  add(c, groups, x, n) {
    for (let i = 0; i < n; i++) c.x.add(groups[i]!, x[i]!)
  },
  value: (c, g) => median(c.x.ranked(g)),
  examples: ['stats median(bytes) BY host'],
})
