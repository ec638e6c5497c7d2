import { checkFrequency, frequency, frequencySyntax } from '../operators/frequency'
import { command } from '../syntax/command'

export default command({
  name: 'rare',
  summary: 'The least frequent values of fields, with their counts and percentages.',
  source: 'Search Reference 9.x, rare',
  kind: 'transforming',
  syntax: frequencySyntax('rare'),
  missing: { fields: 'No fields were specified.' },
  check: (args) => checkFrequency('rare', args),
  needs: ({ fields, by }) => ({ fields: [...(by ?? []), ...fields], except: [], ordered: false }),
  accumulate: (args, context) => frequency('rare', args, { descending: false, other: undefined }, context),
  examples: ['rare user', 'rare limit=1 process BY host'],
})
