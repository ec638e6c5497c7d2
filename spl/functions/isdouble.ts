import { lazyFunction } from '../expressions/function'
import { numberLike } from '../expressions/number-like'

export default lazyFunction({
  name: 'isdouble',
  summary: 'Whether a value is a number with a fraction.',
  source: 'Search Reference, Informational functions, isdouble',
  usage: 'isdouble(any)',
  returns: 'boolean',
  examples: [
    ['tostring(isdouble(3.546))', 'True'],
    ['tostring(isdouble(1000000))', 'False'],
  ],
  accepts: (_args, types) => types.length === 1,
  call([arg], frame) {
    const x = numberLike(arg!, frame)
    return x === x && !Number.isInteger(x)
  },
})
