import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'false',
  summary: 'False.',
  source: 'Search Reference, Comparison and Conditional functions, false',
  params: [],
  returns: 'boolean',
  examples: [['tostring(false())', 'False']],
  call: () => false,
})
