import { lazyFunction } from '../expressions/function'
import { compareValues } from '../expressions/operators'

export default lazyFunction({
  name: 'in',
  summary: 'Whether the first value equals one of the others; no wildcards. `x IN (a, b)` is the same.',
  source: 'Search Reference, Comparison and Conditional functions, in',
  usage: 'in(any, any, ...)',
  returns: 'boolean',
  examples: [
    ['tostring(in("404","400","404"))', 'True'],
    ['tostring(in("404","40*"))', 'False'],
    ['tostring(7 IN (5,7))', 'True'],
  ],
  accepts: (_args, types) => types.length > 1,
  call([x, ...values], frame) {
    const v = x!.value(frame)
    return values.some((w) => compareValues('=', v, w.value(frame), x!.type === 'text' || w.type === 'text'))
  },
})
