import { evalFunction, integer, rest } from '../expressions/function'
import { bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_xor',
  summary: 'The bits that are set in an odd count of the numbers, of numbers from 0 to 2^53 − 1; null for others.',
  source: 'Search Reference, Bitwise functions, bit_xor',
  params: [integer, integer, rest(integer)],
  returns: 'number',
  digits: 'exact',
  examples: [['bit_xor(3,2)', '1']],
  call: (first, second, more) => bitwise([first, second, ...more], (a, b) => a ^ b),
})
