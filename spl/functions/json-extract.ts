import { evalFunction, jsonPath, loose, rest } from '../expressions/function'
import { fieldText, jsonText, parseJson } from '../values/json'
import { extractJson } from '../values/json-path'

export default evalFunction({
  name: 'json_extract',
  summary:
    'What a path leads to in JSON: a string or number as it is, objects and arrays as JSON text; of several paths an array; of none the whole.',
  source: 'Search Reference, JSON functions, json_extract',
  returns: 'any',
  examples: [
    ['json_extract("{\\"a\\":{\\"b\\":[1,{\\"c\\":3}]}}","a.b{1}.c")', '3'],
    ['json_extract("{\\"a\\":[1,2]}","a{}")', '[1,2]'],
    ['json_extract("[{\\"n\\":\\"x\\"},{\\"n\\":2.50}]","{}.n")', '["x",2.50]'],
    ['json_extract("{\\"a\\":1,\\"b\\":\\"x\\"}","a","b","c")', '[1,"x",null]'],
    ['json_extract("{\\"a\\":1}","zz")', null],
  ],
  params: [loose, rest(jsonPath)],
  call(text, paths) {
    const j = parseJson(text)
    if (j === undefined) return null
    if (paths.length > 1) return jsonText(paths.map((p) => extractJson(j, p) ?? null))
    const found = paths[0] ? extractJson(j, paths[0]) : j
    return found === undefined ? null : fieldText(found)
  },
})
