import { texts } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'estdc',
  summary: 'An estimate of how many distinct texts there are; here exact.',
  source: 'Search Reference, Statistical and charting functions, estdc',
  takes: 'texts',
  empty: 0,
  cells: { t: texts },
  interner: (c) => c.t.interner,
  add(c, groups, ids, n) {
    for (let i = 0; i < n; i++) c.t.add(groups[i]!, ids[i]!)
  },
  value: (c, g) => c.t.distinct(g),
  examples: ['stats estdc(user)'],
})
