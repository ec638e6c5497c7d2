import { each, evalFunction, textOrTexts } from '../expressions/function'

export default evalFunction({
  name: 'upper',
  summary: 'The text in upper case, of a multivalue each value.',
  source: 'Search Reference, Text functions, upper',
  params: [textOrTexts],
  returns: 'text',
  examples: [
    ['upper("MiXeD 1")', 'MIXED 1'],
    ['upper(split("a;b",";"))', ['A', 'B']],
  ],
  call: (v) => each(v, (s) => s.toUpperCase()),
})
