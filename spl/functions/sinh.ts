import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'sinh',
  summary: 'The hyperbolic sine.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, sinh',
  params: [number],
  returns: 'number',
  examples: [['sinh(1)', '1.1752011936438014']],
  call: (x) => Math.sinh(x),
})
