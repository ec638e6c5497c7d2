import { evalFunction, loose, rest, text } from '../expressions/function'
import { fieldText, isObject, jsonText, parseJson } from '../values/json'

export default evalFunction({
  name: 'json_extract_exact',
  summary: 'The value of a key of the top level, in which dots and braces mean nothing; of several keys an array, of none the whole.',
  source: 'Search Reference, JSON functions, json_extract_exact',
  returns: 'any',
  examples: [['json_extract_exact("{\\"system.splunk.path\\":\\"/opt/splunk/\\"}","system.splunk.path")', '/opt/splunk/']],
  params: [loose, rest(text)],
  call(text, keys) {
    const j = parseJson(text)
    if (j === undefined) return null
    const of = (key: string) => (isObject(j) ? j.get(key) : undefined)
    if (keys.length > 1) return jsonText(keys.map((k) => of(k) ?? null))
    const found = keys[0] === undefined ? j : of(keys[0])
    return found === undefined ? null : fieldText(found)
  },
})
