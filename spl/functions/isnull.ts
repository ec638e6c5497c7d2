import { any, evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'isnull',
  summary: 'Whether there is no value; the empty text is one.',
  source: 'Search Reference, Informational functions, isnull',
  params: [any],
  returns: 'boolean',
  examples: [
    ['tostring(isnull(nosuch))', 'True'],
    ['tostring(isnull(""))', 'False'],
  ],
  call: (v) => v === null,
})
