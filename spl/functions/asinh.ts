import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'asinh',
  summary: 'The inverse of the hyperbolic sine.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, asinh',
  params: [number],
  returns: 'number',
  examples: [['asinh(1)', '0.881373587019543']],
  call: (x) => Math.asinh(x),
})
