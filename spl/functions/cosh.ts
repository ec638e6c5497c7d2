import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'cosh',
  summary: 'The hyperbolic cosine.',
  source: 'Search Reference, Trigonometry and Hyperbolic functions, cosh',
  params: [number],
  returns: 'number',
  examples: [['cosh(1)', '1.5430806348152437']],
  call: (x) => Math.cosh(x),
})
