import { evalFunction, integer, rest } from '../expressions/function'
import { bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_and',
  summary: 'The bits that are set in all numbers, of numbers from 0 to 2^53 − 1; null for others.',
  source: 'Search Reference, Bitwise functions, bit_and',
  params: [integer, integer, rest(integer)],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['bit_and(12,9)', '8'],
    ['bit_and(-1,9)', null],
  ],
  call: (first, second, more) => bitwise([first, second, ...more], (a, b) => a & b),
})
