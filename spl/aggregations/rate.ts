import { placed } from '../operators/cells'
import { statistic } from '../operators/statistic'
import { numberOf } from '../values/number'

export default statistic({
  name: 'rate',
  summary: 'How much a number grows a second, from its earliest to its latest value.',
  source: 'Search Reference, Statistical and charting functions, rate',
  takes: 'timed',
  cells: { late: placed('first'), early: placed('last') },
  interner: (c) => c.late.interner,
  add(c, groups, ids, n, at) {
    for (let i = 0; i < n; i++) {
      const text = c.late.interner.text(ids[i]!)
      if (Number.isNaN(numberOf(text))) continue
      c.late.add(groups[i]!, ids[i]!, at, i)
      c.early.add(groups[i]!, c.early.interner.ofText(text), at, i)
    }
  },
  value(c, g) {
    const [late, early] = [c.late.text(g), c.early.text(g)]
    const seconds = c.late.time[g]! - c.early.time[g]!
    return late === null || early === null || seconds === 0 ? null : (numberOf(late) - numberOf(early)) / seconds
  },
  examples: ['stats rate(bytes) BY host'],
})
