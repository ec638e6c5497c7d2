import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'asin',
  summary: 'The angle of a sine, in radians; null outside −1 to 1.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, asin',
  params: [number],
  returns: 'number',
  examples: [['asin(1)', '1.5707963267948966']],
  call: (x) => Math.asin(x),
})
