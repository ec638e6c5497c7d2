import { evalFunction, loose, orNull } from '../expressions/function'
import { parseJson } from '../values/json'

export default evalFunction({
  name: 'json_valid',
  summary: 'Whether a text is JSON.',
  source: 'Search Reference, JSON functions, json_valid',
  returns: 'boolean',
  examples: [
    ['tostring(json_valid("[1]"))', 'True'],
    ['tostring(json_valid("nope"))', 'False'],
  ],
  params: [orNull(loose)],
  call: (text) => text !== null && parseJson(text) !== undefined,
})
