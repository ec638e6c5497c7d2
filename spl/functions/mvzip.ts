import { evalFunction, maybe, text, texts } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvzip',
  summary: 'The values of two multivalues in pairs, with a delimiter between them; values without a partner are left out.',
  source: 'Search Reference, Multivalue eval functions, mvzip',
  params: [texts, texts, maybe(text, ',')],
  returns: 'any',
  examples: [
    ['mvzip(split("a,b",","),split("1,2,3",","))', ['a,1', 'b,2']],
    ['mvzip("a","b","|")', 'a|b'],
  ],
  call: (a, b, delimiter) => multivalue(a.slice(0, b.length).map((v, i) => v + delimiter + b[i])),
})
