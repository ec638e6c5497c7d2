import { evalFunction, integer, loose, maybe } from '../expressions/function'

/** Places outside the text count and hold nothing, as in SQLite: `substr("hello",0,2)` is `h`. */
function part(text: string, start: number, length: number | null): string {
  const chars = /[\ud800-\udbff]/.test(text) ? [...text] : text
  const from = start < 0 ? chars.length + start : start - 1
  const to = length === null ? chars.length : from + Math.max(0, length)
  const found = chars.slice(Math.max(0, from), Math.max(0, to))
  return typeof found === 'string' ? found : found.join('')
}

export default evalFunction({
  name: 'substr',
  summary: 'A part of a text, from a character counted from 1, or from the end where it is negative, of so many characters or the rest.',
  source: 'Search Reference, Text functions, substr',
  params: [loose, integer, maybe(integer, null)],
  returns: 'text',
  examples: [
    ['substr("string",1,3)+substr("string",-3)', 'string'],
    ['substr("hello",2,3)', 'ell'],
    ['substr("hello",-3,2)', 'll'],
    ['substr("hello",4,10)', 'lo'],
    ['substr("hello",0,2)', 'h'],
  ],
  call: (s, start, length) => part(s, start, length),
})
