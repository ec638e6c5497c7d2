import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'cos',
  summary: 'The cosine of an angle in radians.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, cos',
  params: [number],
  returns: 'number',
  examples: [['cos(-1)', '0.5403023058681398']],
  call: (x) => Math.cos(x),
})
