import { texts } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'dc',
  aliases: ['distinct_count'],
  summary: 'How many distinct texts there are.',
  source: 'Search Reference, Statistical and charting functions, dc',
  takes: 'texts',
  empty: 0,
  cells: { t: texts },
  interner: (c) => c.t.interner,
  add(c, groups, ids, n) {
    for (let i = 0; i < n; i++) c.t.add(groups[i]!, ids[i]!)
  },
  value: (c, g) => c.t.distinct(g),
  examples: ['stats dc(user) BY host'],
})
