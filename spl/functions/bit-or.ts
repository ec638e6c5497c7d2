import { evalFunction, integer, rest } from '../expressions/function'
import { bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_or',
  summary: 'The bits that are set in some number, of numbers from 0 to 2^53 − 1; null for others.',
  source: 'Search Reference, Bitwise functions, bit_or',
  params: [integer, integer, rest(integer)],
  returns: 'number',
  digits: 'exact',
  examples: [['bit_or(4,2)', '6']],
  call: (first, second, more) => bitwise([first, second, ...more], (a, b) => a | b),
})
