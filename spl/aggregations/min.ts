import { best } from '../operators/cells'
import { statistic } from '../operators/statistic'

export default statistic({
  name: 'min',
  summary: 'The least value: by number where there is a number, else in byte order; as it was written.',
  source: 'Search Reference, Statistical and charting functions, min; numbers before texts as measured on 10.4',
  takes: 'texts',
  cells: { b: best(1) },
  interner: (c) => c.b.interner,
  add(c, groups, ids, n) {
    for (let i = 0; i < n; i++) c.b.add(groups[i]!, ids[i]!)
  },
  value: (c, g) => (c.b.of.codes[g]! < 0 ? null : c.b.interner.text(c.b.of.codes[g]!)),
  column: (c, groups) => ({ kind: 'dictionary', codes: c.b.of.codes.slice(0, groups), dictionary: c.b.interner.dictionary }),
  examples: ['stats min(_time) AS firstTime BY host'],
})
