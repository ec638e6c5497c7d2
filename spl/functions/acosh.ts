import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'acosh',
  summary: 'The inverse of the hyperbolic cosine; null below 1.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, acosh',
  params: [number],
  returns: 'number',
  examples: [['acosh(2)', '1.3169578969248166']],
  call: (x) => Math.acosh(x),
})
