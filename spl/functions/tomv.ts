import { evalFunction, texts } from '../expressions/function'
import { isArray, jsonText, parseJson } from '../values/json'
import { multivalue } from '../values/value'

export default evalFunction({
  name: 'tomv',
  summary: 'The elements of a JSON array as a multivalue, strings with their quotes; any other value as it is.',
  source: 'Search Reference, Conversion functions, tomv',
  returns: 'any',
  examples: [
    ['tomv("[\\"a\\", 1]")', ['"a"', '1']],
    ['tomv("x")', 'x'],
  ],
  params: [texts],
  call(values) {
    const j = values.length === 1 ? parseJson(values[0]!) : undefined
    return multivalue(isArray(j) ? j.map(jsonText) : values)
  },
})
