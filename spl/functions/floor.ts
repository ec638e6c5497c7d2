import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'floor',
  summary: 'The greatest whole number that is not above a number.',
  source: 'Search Reference, Mathematical functions, floor',
  params: [number],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['floor(1.9)', '1'],
    ['floor(-1.23)', '-2'],
  ],
  call: (x) => Math.floor(x),
})
