import { texts } from '../operators/cells'
import { statistic } from '../operators/statistic'
import { multivalue } from '../values/value'

export default statistic({
  name: 'values',
  summary: 'The distinct texts, in byte order.',
  source: 'Search Reference, Statistical and charting functions, values',
  takes: 'texts',
  cells: { t: texts },
  interner: (c) => c.t.interner,
  add(c, groups, ids, n) {
    for (let i = 0; i < n; i++) c.t.add(groups[i]!, ids[i]!)
  },
  value: (c, g) => multivalue(c.t.texts(g)),
  column: (c, groups) => ({ kind: 'multivalue', ...c.t.lists(groups), dictionary: c.t.interner.dictionary }),
  examples: ['stats values(*) AS * BY _time, host'],
})
