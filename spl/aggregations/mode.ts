import { texts } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'mode',
  summary: 'The most frequent text; the least in byte order among equals.',
  source: 'Search Reference, Statistical and charting functions, mode',
  takes: 'texts',
  cells: { t: texts },
  interner: (c) => c.t.interner,
  add(c, groups, ids, n) {
    for (let i = 0; i < n; i++) c.t.add(groups[i]!, ids[i]!)
  },
  value: (c, g) => {
    const id = c.t.most(g)
    return id < 0 ? null : c.t.interner.text(id)
  },
  examples: ['stats mode(status)'],
})
