import { any, evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'ismv',
  summary: 'Whether a value is a multivalue of two or more.',
  source: 'Search Reference, Informational functions, ismv',
  params: [any],
  returns: 'boolean',
  examples: [
    ['tostring(ismv(split("a,b",",")))', 'True'],
    ['tostring(ismv("a"))', 'False'],
  ],
  call: (v) => Array.isArray(v) && v.length > 1,
})
