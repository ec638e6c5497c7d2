import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'tanh',
  summary: 'The hyperbolic tangent.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, tanh',
  params: [number],
  returns: 'number',
  examples: [['tanh(1)', '0.7615941559557649']],
  call: (x) => Math.tanh(x),
})
