import { lazyFunction } from '../expressions/function'
import { jsonOf } from '../expressions/json-value'
import { jsonText } from '../values/json'

export default lazyFunction({
  name: 'json_array',
  summary: 'A JSON array of the values.',
  source: 'Search Reference, JSON functions, json_array',
  usage: 'json_array(any...)',
  returns: 'text',
  examples: [
    ['json_array("a",1,1.50)', '["a",1,1.50]'],
    ['json_array()', '[]'],
  ],
  accepts: () => true,
  call: (args, frame) => jsonText(args.map((a) => jsonOf(a, frame))),
})
