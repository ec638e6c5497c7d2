import { evalFunction, loose, maybe, text } from '../expressions/function'
import { trimmed } from '../values/trim'

export default evalFunction({
  name: 'trim',
  summary: 'The text without characters of a set (blank and TAB by default) at both ends.',
  source: 'Search Reference, Text functions, trim',
  params: [loose, maybe(text, ' \t')],
  returns: 'text',
  examples: [
    ['"[".trim("  a b\\t ")."]"', '[a b]'],
    ['trim("xxaxx","x")', 'a'],
  ],
  call: (s, set) => trimmed(s, set, { start: true, end: true }),
})
