import { lazyFunction } from '../expressions/function'
import { changedPairs, isTextual, keyIn } from '../expressions/json-value'
import { jsonText } from '../values/json'
import { changedAt } from '../values/json-path'

export default lazyFunction({
  name: 'json_set_exact',
  summary: 'JSON with a value put in place of that of a key, in which dots and braces mean nothing.',
  source: 'Search Reference, JSON functions, json_set_exact',
  usage: 'json_set_exact(json, path, any, ...)',
  returns: 'text',
  examples: [['json_set_exact("{\\"a\\":1}","system.splunk.path","/opt")', '{"a":1,"system.splunk.path":"/opt"}']],
  accepts: (_args, types) => types.length > 2 && types.length % 2 === 1 && types.every((t, i) => (i > 0 && i % 2 === 0) || isTextual(t)),
  call(args, frame) {
    const j = changedPairs(args, frame, { path: keyIn, change: (json, path, value) => changedAt(json, path, () => value, true) })
    return j === undefined ? null : jsonText(j)
  },
})
