import { lazyFunction } from '../expressions/function'
import { numberLike } from '../expressions/number-like'

export default lazyFunction({
  name: 'isint',
  summary: 'Whether a value is a whole number.',
  source: 'Search Reference, Informational functions, isint',
  usage: 'isint(any)',
  returns: 'boolean',
  examples: [
    ['tostring(isint(3))', 'True'],
    ['tostring(isint(3.5))', 'False'],
  ],
  accepts: (_args, types) => types.length === 1,
  call: ([arg], frame) => Number.isInteger(numberLike(arg!, frame)),
})
