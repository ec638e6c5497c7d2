import { each, evalFunction, textOrTexts } from '../expressions/function'

export default evalFunction({
  name: 'lower',
  summary: 'The text in lower case, of a multivalue each value.',
  source: 'Search Reference, Text functions, lower',
  params: [textOrTexts],
  returns: 'text',
  examples: [
    ['lower("MiXeD")', 'mixed'],
    ['lower(split("A,B",","))', ['a', 'b']],
  ],
  call: (v) => each(v, (s) => s.toLowerCase()),
})
