import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'latest',
  summary: 'The value with the latest _time.',
  source: 'Search Reference, Statistical and charting functions, latest',
  takes: 'timed',
  cells: { p: placed('first') },
  interner: (c) => c.p.interner,
  add(c, groups, ids, n, at) {
    for (let i = 0; i < n; i++) c.p.add(groups[i]!, ids[i]!, at, i)
  },
  value: (c, g) => c.p.text(g),
  column: (c, groups) => c.p.column(groups),
  examples: ['stats latest(status) BY host'],
})
