import { any, evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'isbool',
  summary: 'Whether a value is a truth.',
  source: 'Search Reference, Informational functions, isbool',
  params: [any],
  returns: 'boolean',
  examples: [
    ['tostring(isbool(1==2))', 'True'],
    ['tostring(isbool("true"))', 'False'],
  ],
  call: (v) => typeof v === 'boolean',
})
