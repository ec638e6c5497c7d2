import { evalFunction, texts } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvreverse',
  summary: 'The values from the last to the first.',
  source: 'Search Reference, Multivalue eval functions, mvreverse',
  params: [texts],
  returns: 'any',
  examples: [['mvreverse(split("1,2,3",","))', ['3', '2', '1']]],
  call: (values) => multivalue([...values].reverse()),
})
