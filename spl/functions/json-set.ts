import { lazyFunction } from '../expressions/function'
import { acceptsPairs, changedPairs, pathIn } from '../expressions/json-value'
import { jsonText } from '../values/json'
import { changedAt } from '../values/json-path'

export default lazyFunction({
  name: 'json_set',
  summary: 'JSON with a value at the end of a path put in place of what is there; objects on the way are made.',
  source: 'Search Reference, JSON functions, json_set',
  usage: 'json_set(json, path, any, ...)',
  returns: 'text',
  examples: [
    ['json_set("{\\"a\\":1}","b.c","x")', '{"a":1,"b":{"c":"x"}}'],
    ['json_set("{\\"l\\":[\\"x\\",\\"y\\"]}","l{1}","z")', '{"l":["x","z"]}'],
    ['json_set("{\\"a\\":1}","a.b",2)', '{"a":1}'],
  ],
  accepts: acceptsPairs,
  call(args, frame) {
    const j = changedPairs(args, frame, { path: pathIn, change: (json, path, value) => changedAt(json, path, () => value, true) })
    return j === undefined ? null : jsonText(j)
  },
})
