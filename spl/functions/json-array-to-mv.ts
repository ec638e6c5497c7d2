import { evalFunction, loose, maybe, truth } from '../expressions/function'
import { isArray, jsonText, parseJson } from '../values/json'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'json_array_to_mv',
  summary: 'The elements of a JSON array as a multivalue; strings without their quotes unless the second argument is true.',
  source: 'Search Reference, JSON functions, json_array_to_mv',
  returns: 'any',
  examples: [
    ['json_array_to_mv("[\\"a\\",1,null]")', ['a', '1', 'null']],
    ['json_array_to_mv("[\\"a\\",\\"b\\"]",true())', ['"a"', '"b"']],
  ],
  params: [loose, maybe(truth, false)],
  call(text, quotes) {
    const j = parseJson(text)
    return isArray(j) ? multivalue(j.map((item) => (typeof item === 'string' && !quotes ? item : jsonText(item)))) : null
  },
})
