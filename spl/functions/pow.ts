import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'pow',
  summary: 'A number to the power of another.',
  source: 'Search Reference, Mathematical functions, pow',
  params: [number, number],
  returns: 'number',
  examples: [
    ['pow(2,10)', '1024'],
    ['pow(2.5,2)', '6.3'],
    ['pow(2,0.5)', '1'],
  ],
  call: (x, y) => x ** y,
})
