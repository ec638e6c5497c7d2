import { overValues, textsOfField } from '../expressions/bound'
import { fieldsOf } from '../expressions/expression'
import { lazyFunction } from '../expressions/function'
import { multivalue } from '../values/value'

export default lazyFunction({
  name: 'mvfilter',
  summary: 'The values of the one field in a condition for which the condition is true.',
  source: 'Search Reference, Multivalue eval functions, mvfilter',
  usage: 'mvfilter(bool)',
  returns: 'any',
  examples: [['mvfilter(nosuch="x")', null]],
  accepts: (args, [type]) => args.length === 1 && (type === 'boolean' || type === 'any') && fieldsOf(args[0]!).length === 1,
  call([condition], frame) {
    const field = condition!.fields[0]!
    return multivalue(overValues(frame, field, textsOfField(frame, field), (v) => (condition!.truth(frame) ? [v] : [])))
  },
})
