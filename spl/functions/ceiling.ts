import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'ceiling',
  aliases: ['ceil'],
  summary: 'The least whole number that is not below a number.',
  source: 'Search Reference, Mathematical functions, ceiling',
  params: [number],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['ceiling(1.9)', '2'],
    ['ceil(-1.23)', '-1'],
  ],
  call: (x) => Math.ceil(x),
})
