import { evalFunction, jsonPath, loose } from '../expressions/function'
import { spathTexts } from '../values/spath'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'spath',
  summary: 'What a path leads to in a text of JSON or XML; several hits are a multivalue, none is null.',
  source: 'Search Reference, Text functions, spath',
  params: [loose, jsonPath],
  returns: 'any',
  examples: [
    ['spath("{\\"a\\":[1,2]}","a{1}")', '2'],
    ['spath("{\\"a\\":[1,2]}","a{}")', ['1', '2']],
    ['spath("<a><b>hello</b></a>","a.b")', 'hello'],
    ['spath("notjson","a")', null],
  ],
  call: (s, path) => multivalue(spathTexts(s, path)),
})
