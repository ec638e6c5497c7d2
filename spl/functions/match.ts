import { evalFunction, orNull, regex, texts } from '../expressions/function'

export default evalFunction({
  name: 'match',
  summary: 'Whether a regular expression matches anywhere in the text; of a multivalue, in some value.',
  source: 'Search Reference, Comparison and Conditional functions, match',
  params: [orNull(texts), regex],
  returns: 'boolean',
  examples: [
    ['tostring(match("foobar","oba"))', 'True'],
    ['tostring(match("FooBar","foobar"))', 'False'],
    ['tostring(match("FooBar","(?i)foobar"))', 'True'],
  ],
  call: (values, pattern) => values?.some((v) => pattern.test(v)) ?? false,
})
