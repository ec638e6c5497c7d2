import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'
import { numberText } from '../values/number'

export default statistic({
  name: 'earliest_time',
  summary: 'The _time of the earliest value, with six decimals.',
  source: 'Search Reference, Statistical and charting functions, earliest_time',
  takes: 'timed',
  cells: { p: placed('last') },
  interner: (c) => c.p.interner,
  add(c, groups, ids, n, at) {
    for (let i = 0; i < n; i++) c.p.add(groups[i]!, ids[i]!, at, i)
  },
  value: (c, g) => (c.p.codes[g]! < 0 ? null : numberText(c.p.time[g]!, 6)),
  examples: ['stats earliest_time(status) BY host'],
})
