import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'hypot',
  summary: 'The length of the longest side of a right-angled triangle, given the two others.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, hypot',
  params: [number, number],
  returns: 'number',
  examples: [['hypot(3,4)', '5']],
  call: (x, y) => Math.hypot(x, y),
})
