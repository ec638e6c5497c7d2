import { lazyFunction } from '../expressions/function'
import { acceptsPairs, changedPairs, pathIn } from '../expressions/json-value'
import { isArray, type Json, jsonText } from '../values/json'
import { changedAt } from '../values/json-path'

export default lazyFunction({
  name: 'json_extend',
  summary:
    'JSON with values added at the end of arrays, of an array each of its elements; what is no array becomes one first. A path that leads nowhere is passed over.',
  source: 'Search Reference, JSON functions, json_extend',
  usage: 'json_extend(json, path, any, ...)',
  returns: 'text',
  examples: [['json_extend("{\\"a\\":[1]}","a",json_array(2,3))', '{"a":[1,2,3]}']],
  accepts: acceptsPairs,
  call(args, frame) {
    const added = (value: Json) => (old: Json | undefined) =>
      old === undefined ? undefined : [...(isArray(old) ? old : [old]), ...(isArray(value) ? value : [value])]
    const j = changedPairs(args, frame, { path: pathIn, change: (json, path, value) => changedAt(json, path, added(value), false) })
    return j === undefined ? null : jsonText(j)
  },
})
