import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'atan',
  summary: 'The angle of a tangent, in radians.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, atan',
  params: [number],
  returns: 'number',
  examples: [['atan(0.50)', '0.46']],
  call: (x) => Math.atan(x),
})
