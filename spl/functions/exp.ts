import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'exp',
  summary: 'e to the power of a number.',
  source: 'Search Reference, Mathematical functions, exp',
  params: [number],
  returns: 'number',
  examples: [
    ['exp(0)', '1'],
    ['exp(1)', '2.718281828459045'],
  ],
  call: (x) => Math.exp(x),
})
