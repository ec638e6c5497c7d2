import { extreme } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'min',
  summary: 'The least value: by number where there is a number, else in byte order; as it was written.',
  source: 'Search Reference, Statistical and charting functions, min; numbers before texts as measured on 10.4',
  takes: 'either',
  cells: { e: extreme('least') },
  interner: (c) => c.e.interner,
  add(c, values) {
    const { n, groups, x } = values
    for (let i = 0; i < n; i++) {
      const v = x[i]!
      if (v !== v) c.e.addText(groups[i]!, values.id(i))
      else if (!c.e.isBeaten(groups[i]!, v)) c.e.addNumber(groups[i]!, v, values.id(i))
    }
  },
  value: (c, g) => c.e.value(g),
  column: (c, groups) => c.e.column(groups),
  examples: ['stats min(_time) AS firstTime BY host'],
})
