import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'pi',
  summary: 'The constant pi, known to 12 digits.',
  source: 'Search Reference, Mathematical functions, pi',
  params: [],
  returns: 'number',
  digits: () => 11,
  examples: [
    ['pi()', '3.14159265359'],
    ['cos(pi())', '-1.00000000000'],
  ],
  call: () => Math.PI,
})
