import { evalFunction, loose, regex, text } from '../expressions/function'

export default evalFunction({
  name: 'replace',
  summary: 'The text with every match of a regular expression replaced; `\\1` to `\\9` stand for groups.',
  source: 'Search Reference, Text functions, replace',
  params: [loose, regex, text],
  returns: 'text',
  examples: [
    ['replace("a-b-c","-","+")', 'a+b+c'],
    ['replace("1/14/2023","^(\\d{1,2})/(\\d{1,2})/","\\2/\\1/")', '14/1/2023'],
    ['replace("a","a","$1")', '$1'],
  ],
  call: (s, pattern, replacement) => pattern.replaceAll(s, replacement),
})
