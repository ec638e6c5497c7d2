import { evalFunction, texts } from '../expressions/function'
import { inferred, isArray, jsonText, parseJson } from '../values/json'

export default evalFunction({
  name: 'toarray',
  summary: 'A multivalue as a JSON array with inferred types, or a JSON array without its blanks; null for other texts.',
  source: 'Search Reference, Conversion functions, toarray',
  returns: 'text',
  examples: [
    ['toarray("[1, 2]")', '[1,2]'],
    ['toarray(split("a,1",","))', '["a",1]'],
    ['toarray("x")', null],
  ],
  params: [texts],
  call(values) {
    const j = values.length === 1 ? parseJson(values[0]!) : undefined
    if (isArray(j)) return jsonText(j)
    return values.length === 1 ? null : jsonText(values.map(inferred))
  },
})
