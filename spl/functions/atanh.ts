import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'atanh',
  summary: 'The inverse of the hyperbolic tangent; null outside −1 to 1.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, atanh',
  params: [number],
  returns: 'number',
  examples: [['atanh(0.500)', '0.549']],
  call: (x) => Math.atanh(x),
})
