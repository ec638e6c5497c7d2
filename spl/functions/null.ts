import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'null',
  summary: 'No value; refused by static types where a number or a text is needed.',
  source: 'Search Reference, Comparison and Conditional functions, null',
  params: [],
  returns: 'null',
  examples: [['null()', null]],
  call: () => null,
})
