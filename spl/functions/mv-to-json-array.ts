import { evalFunction, maybe, texts, truth } from '../expressions/function'
import { inferred, jsonText } from '../values/json'

export default evalFunction({
  name: 'mv_to_json_array',
  summary: 'The values as a JSON array of strings; with a true second argument what is JSON is taken as such.',
  source: 'Search Reference, JSON functions, mv_to_json_array',
  returns: 'text',
  examples: [
    ['mv_to_json_array(split("a,1",","))', '["a","1"]'],
    ['mv_to_json_array(split("a,1,true,\\"q\\"",","),true())', '["a",1,true,"q"]'],
  ],
  params: [texts, maybe(truth, false)],
  call: (values, infer) => jsonText(infer ? values.map(inferred) : values),
})
