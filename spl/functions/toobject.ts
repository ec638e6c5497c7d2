import { evalFunction, text } from '../expressions/function'
import { isObject, jsonText, parseJson } from '../values/json'

export default evalFunction({
  name: 'toobject',
  summary: 'A JSON object without its blanks; null for other texts.',
  source: 'Search Reference, Conversion functions, toobject',
  returns: 'text',
  examples: [
    ['toobject("{\\"a\\": 1}")', '{"a":1}'],
    ['toobject("[1]")', null],
  ],
  params: [text],
  call(text) {
    const j = parseJson(text)
    return isObject(j) ? jsonText(j) : null
  },
})
