import { evalFunction, loose } from '../expressions/function'
import { isObject, type Json, jsonText, parseJson } from '../values/json'

export default evalFunction({
  name: 'json_entries',
  summary: 'A JSON array with an object of key and value for each member of an object.',
  source: 'Search Reference, JSON functions, json_entries',
  returns: 'text',
  examples: [['json_entries("{\\"a\\":1}")', '[{"key":"a","value":1}]']],
  params: [loose],
  call(text) {
    const j = parseJson(text)
    return isObject(j)
      ? jsonText(
          [...j].map(
            ([key, value]) =>
              new Map<string, Json>([
                ['key', key],
                ['value', value],
              ]),
          ),
        )
      : null
  },
})
