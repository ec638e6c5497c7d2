import { checkFrequency, frequency, frequencySyntax } from '../operators/frequency'
import { command } from '../syntax/command'
import { boolean, option, text } from '../syntax/shapes'

export default command({
  name: 'top',
  summary: 'The most frequent values of fields, with their counts and percentages.',
  source: 'Search Reference 9.x, top',
  kind: 'transforming',
  syntax: { ...frequencySyntax('top'), useother: option('useother', boolean, false), otherstr: option('otherstr', text, 'OTHER') },
  missing: { fields: 'No fields were specified.' },
  check: (args) => checkFrequency('top', args),
  needs: ({ fields, by }) => ({ fields: [...(by ?? []), ...fields], except: [], ordered: false }),
  accumulate: (args, context) => frequency('top', args, { descending: true, other: args.useother ? args.otherstr : undefined }, context),
  examples: ['top user', 'top limit=5 src, dest BY host', 'top 20 url useother=t'],
})
