import { lazyFunction } from '../expressions/function'
import { acceptsPairs, changedPairs, pathIn } from '../expressions/json-value'
import { isArray, type Json, jsonText } from '../values/json'
import { changedAt } from '../values/json-path'

export default lazyFunction({
  name: 'json_append',
  summary:
    'JSON with values added at the end of arrays, each as one element; what is no array becomes one first. A path that leads nowhere is passed over.',
  source: 'Search Reference, JSON functions, json_append',
  usage: 'json_append(json, path, any, ...)',
  returns: 'text',
  examples: [
    ['json_append("{\\"a\\":\\"x\\"}","a","y")', '{"a":["x","y"]}'],
    ['json_append("{\\"a\\":[1]}","a",json_array(2,3),"zz",4)', '{"a":[1,[2,3]]}'],
    ['json_append("[1]","",2)', '[1,2]'],
  ],
  accepts: acceptsPairs,
  call(args, frame) {
    const added = (value: Json) => (old: Json | undefined) => (old === undefined ? undefined : [...(isArray(old) ? old : [old]), value])
    const j = changedPairs(args, frame, { path: pathIn, change: (json, path, value) => changedAt(json, path, added(value), false) })
    return j === undefined ? null : jsonText(j)
  },
})
