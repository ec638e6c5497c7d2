import { any, evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'isnotnull',
  summary: 'Whether there is a value; the empty text is one.',
  source: 'Search Reference, Informational functions, isnotnull',
  params: [any],
  returns: 'boolean',
  examples: [
    ['tostring(isnotnull(nosuch))', 'False'],
    ['tostring(isnotnull(""))', 'True'],
  ],
  call: (v) => v !== null,
})
