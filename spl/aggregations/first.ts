import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'first',
  summary: 'The first value in the order of the rows: of events, the newest.',
  source: 'Search Reference, Statistical and charting functions, first',
  takes: 'placed',
  cells: { p: placed('first') },
  interner: (c) => c.p.interner,
  add(c, groups, ids, at) {
    for (let i = 0; i < at.n; i++) c.p.add(groups[i]!, ids[i]!, at.place(i))
  },
  value: (c, g) => c.p.text(g),
  column: (c, groups) => ({ kind: 'dictionary', codes: c.p.codes.slice(0, groups), dictionary: c.p.interner.dictionary }),
  examples: ['stats first(status) BY host'],
})
