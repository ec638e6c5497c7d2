import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'ln',
  summary: 'The natural logarithm; null at zero and below.',
  source: 'Search Reference, Mathematical functions, ln',
  params: [number],
  returns: 'number',
  examples: [
    ['ln(1)', '0'],
    ['ln(0)', null],
  ],
  call: (x) => Math.log(x),
})
