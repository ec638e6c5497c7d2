import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'acos',
  summary: 'The angle of a cosine, in radians; null outside −1 to 1.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, acos',
  params: [number],
  returns: 'number',
  examples: [
    ['acos(0)', '1.5707963267948966'],
    ['acos(2)', null],
  ],
  call: (x) => Math.acos(x),
})
