import { textIn } from '../expressions/compiled'
import { lazyFunction } from '../expressions/function'
import { isTextual, jsonOf } from '../expressions/json-value'
import { type Json, jsonText } from '../values/json'

export default lazyFunction({
  name: 'json_object',
  summary: 'A JSON object of keys and values in the order given.',
  source: 'Search Reference, JSON functions, json_object',
  usage: 'json_object(str, any, ...)',
  returns: 'text',
  examples: [
    ['json_object("a",1,"b","x","c",json_array("y"),"d",true(),"e",null())', '{"a":1,"b":"x","c":["y"],"d":true,"e":null}'],
    ['json_object("n","1")', '{"n":"1"}'],
  ],
  accepts: (_args, types) => types.length % 2 === 0 && types.every((t, i) => i % 2 === 1 || isTextual(t)),
  call(args, frame) {
    const members = new Map<string, Json>()
    for (let i = 0; i < args.length; i += 2) {
      const key = textIn(args[i]!, frame)
      if (typeof key !== 'string') return null
      members.set(key, jsonOf(args[i + 1]!, frame))
    }
    return jsonText(members)
  },
})
