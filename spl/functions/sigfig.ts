import { evalFunction, number } from '../expressions/function'
import { roundHalfUp } from '../values/number'

export default evalFunction({
  name: 'sigfig',
  summary: 'The number rounded to the digits that are known of it, also left of the point.',
  source: 'Search Reference, Mathematical functions, sigfig',
  params: [number],
  returns: 'number',
  digits: 'as-first',
  examples: [
    ['sigfig(1.00*1111)', '1110'],
    ['sigfig(5)', '5'],
  ],
  call: (x, frame) => roundHalfUp(x, frame.places),
})
