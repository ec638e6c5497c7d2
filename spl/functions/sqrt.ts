import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'sqrt',
  summary: 'The square root; null below zero.',
  source: 'Search Reference, Mathematical functions, sqrt',
  params: [number],
  returns: 'number',
  examples: [
    ['sqrt(9)', '3'],
    ['sqrt(-1)', null],
  ],
  call: (x) => Math.sqrt(x),
})
