import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'earliest',
  summary: 'The value with the earliest _time.',
  source: 'Search Reference, Statistical and charting functions, earliest',
  takes: 'timed',
  cells: { p: placed('last') },
  interner: (c) => c.p.interner,
  add(c, groups, ids, n, at) {
    for (let i = 0; i < n; i++) c.p.add(groups[i]!, ids[i]!, at, i)
  },
  value: (c, g) => c.p.text(g),
  column: (c, groups) => c.p.column(groups),
  examples: ['stats earliest(status) BY host'],
})
