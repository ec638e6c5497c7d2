import { evalFunction, orNull, rest, texts } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvappend',
  summary: 'All values of the arguments in order; nulls are left out.',
  source: 'Search Reference, Multivalue eval functions, mvappend',
  params: [orNull(texts), rest(orNull(texts))],
  returns: 'any',
  examples: [
    ['mvappend("a",split("b,a",","),nosuch)', ['a', 'b', 'a']],
    ['mvappend(null(),"a")', 'a'],
  ],
  call: (first, more) => multivalue([first, ...more].flatMap((v) => v ?? [])),
})
