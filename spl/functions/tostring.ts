import { lazyFunction } from '../expressions/function'
import { numberText } from '../values/number'
import { NUMBER_FORMATS } from '../values/number-format'

export default lazyFunction({
  name: 'tostring',
  summary: 'The text of a value: True, False, Null, a number in its own form or as hex, commas, duration or binary.',
  source: 'Search Reference, Conversion functions, tostring; null is Null: measured on 10.4',
  usage: 'tostring(any, ["hex"|"commas"|"duration"|"binary"])',
  returns: 'text',
  examples: [
    ['tostring(1==2)', 'False'],
    ['tostring(nosuch)', 'Null'],
    ['tostring(15,"hex")', '0xF'],
    ['tostring(12345.6789,"commas")', '12,345.68'],
    ['tostring(615,"duration")', '00:10:15'],
    ['tostring(9,"binary")', '1001'],
  ],
  accepts([, format], [type, formatType]) {
    if (formatType === undefined) return type !== undefined
    const known = format && 'text' in format ? NUMBER_FORMATS.has(format.text) : formatType === 'any' || formatType === 'text'
    return known && (type === 'number' || type === 'any')
  },
  call([value, format], frame) {
    if (format) {
      const x = value!.number(frame)
      const form = NUMBER_FORMATS.get(String(format.value(frame)))
      return x === x && form ? form(x) : null
    }
    const v = value!.value(frame)
    if (v === null) return 'Null'
    if (typeof v === 'boolean') return v ? 'True' : 'False'
    return typeof v === 'number' ? numberText(v, frame.places) : v
  },
})
