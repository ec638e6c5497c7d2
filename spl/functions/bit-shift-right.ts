import { evalFunction, integer } from '../expressions/function'
import { bitwise } from '../values/bits'

export default evalFunction({
  name: 'bit_shift_right',
  summary: 'The bits of a number moved down; those below the first are lost.',
  source: 'Search Reference, Bitwise functions, bit_shift_right',
  params: [integer, integer],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['bit_shift_right(8,2)', '2'],
    ['bit_shift_right(8,60)', '0'],
  ],
  call: (x, count) => bitwise([x, count], (a, n) => (n > 53n ? 0n : a >> n)),
})
