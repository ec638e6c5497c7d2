import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'tan',
  summary: 'The tangent of an angle in radians.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, tan',
  params: [number],
  returns: 'number',
  examples: [['tan(1)', '1.5574077246549023']],
  call: (x) => Math.tan(x),
})
