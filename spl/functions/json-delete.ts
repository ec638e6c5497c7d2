import { evalFunction, jsonPath, loose, rest } from '../expressions/function'
import { jsonText, parseJson } from '../values/json'
import { changedAt } from '../values/json-path'

export default evalFunction({
  name: 'json_delete',
  summary: 'JSON without the members that paths lead to; elements of arrays cannot be taken away.',
  source: 'Search Reference, JSON functions, json_delete',
  returns: 'text',
  examples: [['json_delete("{\\"a\\":1,\\"b\\":{\\"c\\":2,\\"d\\":3}}","a","b.c")', '{"b":{"d":3}}']],
  params: [loose, jsonPath, rest(jsonPath)],
  call(text, first, more) {
    let j = parseJson(text)
    for (const path of [first, ...more])
      if (j !== undefined && path.every((s) => 'key' in s)) j = changedAt(j, path, () => undefined, false)
    return j === undefined ? null : jsonText(j)
  },
})
