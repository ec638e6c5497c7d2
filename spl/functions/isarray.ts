import { evalFunction, orNull, text } from '../expressions/function'
import { isArray, parseJson } from '../values/json'

export default evalFunction({
  name: 'isarray',
  summary: 'Whether a text is a JSON array.',
  source: 'Search Reference, Informational functions, isarray',
  params: [orNull(text)],
  returns: 'boolean',
  examples: [
    ['tostring(isarray("[1, 2, 3]"))', 'True'],
    ['tostring(isarray("{}"))', 'False'],
  ],
  call: (text) => text !== null && isArray(parseJson(text)),
})
