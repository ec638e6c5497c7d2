import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'sin',
  summary: 'The sine of an angle in radians.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, sin',
  params: [number],
  returns: 'number',
  examples: [['sin(1)', '0.8414709848078965']],
  call: (x) => Math.sin(x),
})
