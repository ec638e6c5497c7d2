import { evalFunction, loose, maybe, text } from '../expressions/function'
import { trimmed } from '../values/trim'

export default evalFunction({
  name: 'rtrim',
  summary: 'The text without characters of a set (blank and TAB by default) at the end.',
  source: 'Search Reference, Text functions, rtrim',
  params: [loose, maybe(text, ' \t')],
  returns: 'text',
  examples: [['"[".rtrim("  ab ")."]"', '[  ab]']],
  call: (s, set) => trimmed(s, set, { start: false, end: true }),
})
