import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'earliest',
  summary: 'The value with the earliest _time.',
  source: 'Search Reference, Statistical and charting functions, earliest',
  takes: 'timed',
  cells: { p: placed('last') },
  interner: (c) => c.p.interner,
  add(c, groups, ids, at) {
    for (let i = 0; i < at.n; i++) c.p.add(groups[i]!, ids[i]!, at.place(i))
  },
  value: (c, g) => c.p.text(g),
  column: (c, groups) => ({ kind: 'dictionary', codes: c.p.codes.slice(0, groups), dictionary: c.p.interner.dictionary }),
  examples: ['stats earliest(status) BY host'],
})
