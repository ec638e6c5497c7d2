import { evalFunction, integer, maybe, texts } from '../expressions/function'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'mvindex',
  summary:
    'The value at a place counted from 0, or from the end where it is negative, or the values of a range, its end included. Null where it begins outside.',
  source: 'Search Reference, Multivalue eval functions, mvindex',
  params: [texts, integer, maybe(integer, null)],
  returns: 'any',
  examples: [
    ['mvindex(split("a,b,c",","),-1)', 'c'],
    ['mvindex(split("a,b,c",","),-2,-1)', ['b', 'c']],
    ['mvindex(split("a,b,c",","),0,9)', ['a', 'b', 'c']],
    ['mvindex(split("a,b,c",","),9)', null],
  ],
  call(values, start, end) {
    const at = (n: number) => (n < 0 ? n + values.length : n)
    const [from, to] = [at(start), at(end ?? start)]
    return from < 0 || from >= values.length || to < from ? null : multivalue(values.slice(from, to + 1))
  },
})
