import { evalFunction, loose } from '../expressions/function'
import { parseJson } from '../values/json'

export default evalFunction({
  name: 'json',
  summary: 'The text where it is JSON, else null.',
  source: 'Search Reference, JSON functions, json',
  returns: 'text',
  examples: [
    ['json("{\\"a\\": 1}")', '{"a": 1}'],
    ['json("Golden Gate Bridge")', null],
  ],
  params: [loose],
  call: (text) => (parseJson(text) === undefined ? null : text),
})
