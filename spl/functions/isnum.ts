import { lazyFunction } from '../expressions/function'
import { isNaNText, numberOfValue } from '../expressions/number-like'

export default lazyFunction({
  name: 'isnum',
  summary: 'Whether a value is a number; numeric text of a field is one, a text literal never.',
  source: 'Search Reference, Informational functions, isnum',
  usage: 'isnum(any)',
  returns: 'boolean',
  examples: [
    ['tostring(isnum(42))', 'True'],
    ['tostring(isnum("42"))', 'False'],
  ],
  accepts: (_args, types) => types.length === 1,
  call([arg], frame) {
    const v = arg!.value(frame)
    return isNaNText(v, arg!) || !Number.isNaN(numberOfValue(v, arg!))
  },
})
