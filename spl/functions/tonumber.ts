import { evalFunction, integer, maybe, textOrNumber } from '../expressions/function'
import { EXACT } from '../values/number'
import { asNumber, parseNumber } from '../values/parse-number'

export default evalFunction({
  name: 'tonumber',
  summary: 'The number that a text is, in base 10 or another from 2 to 36; null where it is none. A literal that is none is refused.',
  source: 'Search Reference, Conversion functions, tonumber',
  params: [textOrNumber, maybe(integer, 10)],
  returns: 'number',
  examples: [
    ['tonumber("0A4",16)', '164'],
    ['tonumber("0101",2)', '5'],
    ['tonumber("2.50")', '2.50'],
    ['tonumber(mvindex(split("a b"," "),0))', null],
  ],
  accepts([text, base]) {
    if (base && 'number' in base && (base.number < 2 || base.number > 36)) return false
    const given = base === undefined ? 10 : 'number' in base ? base.number : undefined
    return !(text && 'text' in text) || given === undefined || !Number.isNaN(parseNumber(text.text, given))
  },
  digits: (_x, [, base], [places]) => (base === undefined || base === 10 ? places! : EXACT),
  call: (v, base) => asNumber(v, base),
})
