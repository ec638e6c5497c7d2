import { evalFunction, loose, orNull, text } from '../expressions/function'
import { isObject, parseJson } from '../values/json'

export default evalFunction({
  name: 'json_has_key_exact',
  summary: 'Whether an object has a key, in which dots and braces mean nothing.',
  source: 'Search Reference, JSON functions, json_has_key_exact',
  returns: 'boolean',
  examples: [['tostring(json_has_key_exact("{\\"charlie.garcia\\":10}","charlie.garcia"))', 'True']],
  params: [orNull(loose), orNull(text)],
  call(text, key) {
    const j = text === null ? undefined : parseJson(text)
    return isObject(j) && key !== null && j.has(key)
  },
})
