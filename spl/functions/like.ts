import { isLike } from '../expressions/compile'
import { evalFunction, loose, orNull, texts } from '../expressions/function'

export default evalFunction({
  name: 'like',
  summary: 'Whether the whole text fits a pattern, with case: `%` is any run of characters, `_` one.',
  source: 'Search Reference, Comparison and Conditional functions, like',
  params: [orNull(texts), loose],
  returns: 'boolean',
  examples: [
    ['tostring(like("foobar","foo%"))', 'True'],
    ['tostring(like("coat","c_t"))', 'False'],
    ['tostring(like("foobar","foo*"))', 'False'],
  ],
  call: (value, pattern) => isLike(value, pattern),
})
