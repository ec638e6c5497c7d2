import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'atan2',
  summary: 'The angle from the x axis to the point (x, y), in radians, of y and x.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, atan2',
  params: [number, number],
  returns: 'number',
  examples: [['atan2(0.50,0.75)', '0.59']],
  call: (y, x) => Math.atan2(y, x),
})
