import { evalFunction, integer } from '../expressions/function'
import { bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_shift_left',
  summary: 'The bits of a number moved up; those past 53 bits are lost.',
  source: 'Search Reference, Bitwise functions, bit_shift_left',
  params: [integer, integer],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['bit_shift_left(2,1)', '4'],
    ['bit_shift_left(1,53)', '0'],
    ['bit_shift_left(3,52)', '4503599627370496'],
    ['bit_shift_left(1,-1)', null],
  ],
  call: (x, count) => bitwise([x, count], (a, n) => (n > 53n ? 0n : a << n)),
})
