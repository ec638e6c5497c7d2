import { evalFunction, texts } from '../expressions/function'
import { compareTexts } from '../values/compare'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvsort',
  summary: 'The values in byte order.',
  source: 'Search Reference, Multivalue eval functions, mvsort',
  params: [texts],
  returns: 'any',
  examples: [['mvsort(split("10,9,b,A",","))', ['10', '9', 'A', 'b']]],
  call: (values) => multivalue([...values].sort(compareTexts)),
})
