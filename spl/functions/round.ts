import { evalFunction, integer, maybe, number } from '../expressions/function'
import { EXACT, roundHalfUp } from '../values/number'

export default evalFunction({
  name: 'round',
  summary: 'The number rounded to so many decimals, none by default; halves go up, also below zero. Zeros are kept.',
  source: 'Search Reference, Mathematical functions, round; halves of negative numbers: measured on 8.2.2',
  params: [number, maybe(integer, 0)],
  returns: 'number',
  digits: (_x, [, places]) => (typeof places === 'number' && places > 0 ? Math.min(places, 100) : EXACT),
  examples: [
    ['round(3.5)', '4'],
    ['round(-4.5)', '-4'],
    ['round(-4.51)', '-5'],
    ['round(10,2)', '10.00'],
    ['round(2.555,2)', '2.56'],
  ],
  accepts: ([, places]) => !(places && 'negate' in places && 'number' in places.negate),
  call: (x, places) => (places < 0 ? null : roundHalfUp(x, places)),
})
