import { evalFunction, integer, maybe, textOrNumber } from '../expressions/function'
import { EXACT } from '../values/number'
import { asNumber } from '../values/parse-number'

export default evalFunction({
  name: 'todouble',
  summary: 'The number that a value is; null where it is none.',
  source: 'Search Reference, Conversion functions, todouble',
  params: [textOrNumber, maybe(integer, 10)],
  returns: 'number',
  digits: (_x, [, base], [places]) => (base === undefined || base === 10 ? places! : EXACT),
  examples: [
    ['todouble("3.5")', '3.5'],
    ['todouble("x")', null],
  ],
  call: (v, base) => asNumber(v, base),
})
