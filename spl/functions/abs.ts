import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'abs',
  summary: 'The size of a number.',
  source: 'Search Reference, Mathematical functions, abs',
  params: [number],
  returns: 'number',
  digits: 'as-first',
  examples: [
    ['abs(-5)', '5'],
    ['abs(-1.50)', '1.50'],
  ],
  call: (x) => Math.abs(x),
})
