import { list } from '../operators/cells'
import { statistic } from '../operators/statistic'
import { multivalue } from '../values/value'

/** @source limits.conf, [stats] list_maxsize */
const LIST_MAXSIZE = 100

export default statistic({
  name: 'list',
  summary: 'The values in the order of the rows, duplicates kept; at most 100.',
  source: 'Search Reference, Statistical and charting functions, list',
  takes: 'placed',
  cells: { l: list(LIST_MAXSIZE) },
  interner: (c) => c.l.interner,
  add(c, groups, ids, n, at) {
    for (let i = 0; i < n; i++) c.l.add(groups[i]!, ids[i]!, at, i)
  },
  value: (c, g) => multivalue(c.l.list(g)),
  examples: ['stats list(status) BY host'],
})
