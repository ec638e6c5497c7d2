import { overValues } from '../expressions/bound'
import { textIn } from '../expressions/compiled'
import { fieldsOf } from '../expressions/expression'
import { lazyFunction } from '../expressions/function'
import { multivalue } from '../values/value'

export default lazyFunction({
  name: 'mvmap',
  summary:
    'What an expression gives for each value of a multivalue: the field in the first argument stands for one value of it after another.',
  source: 'Search Reference, Multivalue eval functions, mvmap',
  usage: 'mvmap(mv, any)',
  returns: 'any',
  examples: [['mvmap(nosuch,nosuch*10)', null]],
  accepts: (args, types) => args.length === 2 && fieldsOf(args[0]!).length === 1 && types[1] !== 'boolean',
  call([of, each], frame) {
    const values = listOf(textIn(of!, frame))
    return multivalue(overValues(frame, of!.fields[0]!, values, () => listOf(textIn(each!, frame))))
  },
})

const listOf = (v: unknown): readonly string[] => (Array.isArray(v) ? v : typeof v === 'string' ? [v] : [])
