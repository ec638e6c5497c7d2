import { sum } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'count',
  aliases: ['c'],
  summary: 'How many rows, or values of a field, there are.',
  source: 'Search Reference, Statistical and charting functions, count',
  takes: 'rows',
  empty: 0,
  cells: { n: sum },
  add(c, groups, n) {
    const a = c.n.of
    for (let i = 0; i < n; i++) a[groups[i]!]!++
  },
  value: (c, g) => c.n.of[g]!,
  examples: ['stats count', 'stats count(user) BY host', 'stats count(eval(status>=500)) AS errors'],
})
