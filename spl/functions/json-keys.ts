import { evalFunction, loose } from '../expressions/function'
import { isObject, jsonText, parseJson } from '../values/json'

export default evalFunction({
  name: 'json_keys',
  summary: 'A JSON array of the keys of an object.',
  source: 'Search Reference, JSON functions, json_keys',
  returns: 'text',
  examples: [
    ['json_keys("{\\"a\\":1,\\"2\\":3,\\"1\\":4}")', '["a","2","1"]'],
    ['json_keys("[1]")', null],
  ],
  params: [loose],
  call(text) {
    const j = parseJson(text)
    return isObject(j) ? jsonText([...j.keys()]) : null
  },
})
