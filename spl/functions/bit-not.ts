import { evalFunction, integer, maybe } from '../expressions/function'
import { ALL, bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_not',
  summary: 'The bits of a mask (of 53 bits by default) that are not set in a number.',
  source: 'Search Reference, Bitwise functions, bit_not',
  params: [integer, maybe(integer, ALL)],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['bit_not(9)', '9007199254740982'],
    ['bit_not(9,15)', '6'],
  ],
  call: (x, mask) => bitwise([x, mask], (a, m) => m & ~a),
})
