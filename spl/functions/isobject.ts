import { evalFunction, orNull, text } from '../expressions/function'
import { isObject, parseJson } from '../values/json'

export default evalFunction({
  name: 'isobject',
  summary: 'Whether a text is a JSON object.',
  source: 'Search Reference, Informational functions, isobject',
  params: [orNull(text)],
  returns: 'boolean',
  examples: [
    ['tostring(isobject("{\\"a\\":1}"))', 'True'],
    ['tostring(isobject("[1]"))', 'False'],
  ],
  call: (text) => text !== null && isObject(parseJson(text)),
})
