import { evalFunction, integer, maybe, textOrNumber } from '../expressions/function'
import { asNumber } from '../values/parse-number'

export default evalFunction({
  name: 'toint',
  summary: 'The whole number at or below a number; a text is read first as tonumber reads it.',
  source: 'Search Reference, Conversion functions, toint',
  params: [textOrNumber, maybe(integer, 10)],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['toint(3.14)', '3'],
    ['toint(-3.7)', '-4'],
    ['toint("ff",16)', '255'],
    ['toint("x")', null],
  ],
  call: (v, base) => Math.floor(asNumber(v, base)),
})
