import { evalFunction, text } from '../expressions/function'

/** Most texts have no pairs of units, and are not worth an array of their characters. */
const characters = (s: string) => (/[\ud800-\udbff]/.test(s) ? [...s].length : s.length)

export default evalFunction({
  name: 'len',
  aliases: ['length'],
  summary: 'The number of characters, not of bytes.',
  source: 'Search Reference, Text functions, len',
  params: [text],
  returns: 'number',
  examples: [
    ['len("dash")', '4'],
    ['length("C:\\\\w")', '4'],
  ],
  call: (s) => characters(s),
})
