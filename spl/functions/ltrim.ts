import { evalFunction, loose, maybe, text } from '../expressions/function'
import { trimmed } from '../values/trim'

export default evalFunction({
  name: 'ltrim',
  summary: 'The text without characters of a set (blank and TAB by default) at the start.',
  source: 'Search Reference, Text functions, ltrim',
  params: [loose, maybe(text, ' \t')],
  returns: 'text',
  examples: [['"[".ltrim("   ZZZZabcZZ "," Z")."]"', '[abcZZ ]']],
  call: (s, set) => trimmed(s, set, { start: true, end: false }),
})
