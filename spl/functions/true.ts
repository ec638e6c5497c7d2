import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'true',
  summary: 'True.',
  source: 'Search Reference, Comparison and Conditional functions, true',
  params: [],
  returns: 'boolean',
  examples: [['tostring(true())', 'True']],
  call: () => true,
})
