import { evalFunction, texts } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvdedup',
  summary: 'The values without those that stood before.',
  source: 'Search Reference, Multivalue eval functions, mvdedup',
  params: [texts],
  returns: 'any',
  examples: [['mvdedup(split("a,b,a,c,b",","))', ['a', 'b', 'c']]],
  call: (values) => multivalue([...new Set(values)]),
})
