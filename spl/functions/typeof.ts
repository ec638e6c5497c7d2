import { lazyFunction } from '../expressions/function'
import { numberOfValue } from '../expressions/number-like'

export default lazyFunction({
  name: 'typeof',
  summary: 'Number, String, Bool, Multivalue, or Invalid for null.',
  source: 'Search Reference, Informational functions, typeof; Multivalue: measured on 10.4',
  usage: 'typeof(any)',
  returns: 'text',
  examples: [
    ['typeof(12)+typeof("string")+typeof(1==2)+typeof(badfield)', 'NumberStringBoolInvalid'],
    ['typeof("12")', 'String'],
    ['typeof(split("a,b",","))', 'Multivalue'],
  ],
  accepts: (_args, types) => types.length === 1,
  call([arg], frame) {
    const v = arg!.value(frame)
    if (v === null) return 'Invalid'
    if (typeof v === 'boolean') return 'Bool'
    if (Array.isArray(v)) return 'Multivalue'
    return Number.isNaN(numberOfValue(v, arg!)) ? 'String' : 'Number'
  },
})
