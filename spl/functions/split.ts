import { evalFunction, loose, text } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'split',
  summary: 'The pieces of a text between delimiters, which are no patterns; with an empty delimiter its characters.',
  source: 'Search Reference, Multivalue eval functions, split',
  params: [loose, text],
  returns: 'any',
  examples: [
    ['split("buttercup;rarity;dash",";")', ['buttercup', 'rarity', 'dash']],
    ['split("a.b","x")', 'a.b'],
    ['split("abc","")', ['a', 'b', 'c']],
    ['split("a,,b",",")', ['a', '', 'b']],
  ],
  call: (s, delimiter) => multivalue(delimiter === '' ? [...s] : s.split(delimiter)),
})
