import { evalFunction, text, texts } from '../expressions/function'

export default evalFunction({
  name: 'mvjoin',
  summary: 'The values in one text, with a delimiter between them.',
  source: 'Search Reference, Multivalue eval functions, mvjoin',
  params: [texts, text],
  returns: 'text',
  examples: [
    ['mvjoin(split("a,b",","),";")', 'a;b'],
    ['mvjoin("a",";")', 'a'],
  ],
  call: (values, delimiter) => values.join(delimiter),
})
