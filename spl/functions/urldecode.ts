import { evalFunction, text } from '../expressions/function'

const decoded = (s: string) =>
  s.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    return bytes.toString('utf8')
  })

export default evalFunction({
  name: 'urldecode',
  summary: 'The text with `%xx` as the UTF-8 bytes that they stand for; what cannot be read stays.',
  source: 'Search Reference, Text functions, urldecode',
  params: [text],
  returns: 'text',
  examples: [
    ['urldecode("http%3A%2F%2Fwww.splunk.com%2Fdownload%3Fr%3Dheader")', 'http://www.splunk.com/download?r=header'],
    ['urldecode("a%20b+c%zz")', 'a b+c%zz'],
  ],
  call: (s) => decoded(s),
})
