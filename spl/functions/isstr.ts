import { lazyFunction } from '../expressions/function'
import { isNaNText, numberOfValue } from '../expressions/number-like'

export default lazyFunction({
  name: 'isstr',
  summary: 'Whether a value is a text that is no number; a text literal is one whatever it holds.',
  source: 'Search Reference, Informational functions, isstr',
  usage: 'isstr(any)',
  returns: 'boolean',
  examples: [
    ['tostring(isstr("abc"))', 'True'],
    ['tostring(isstr(5))', 'False'],
  ],
  accepts: (_args, types) => types.length === 1,
  call([arg], frame) {
    const v = arg!.value(frame)
    return typeof v === 'string' && (isNaNText(v, arg!) || Number.isNaN(numberOfValue(v, arg!)))
  },
})
