import { lazyFunction } from '../expressions/function'
import { compareValues } from '../expressions/operators'

export default lazyFunction({
  name: 'nullif',
  summary: 'Null where the two values are equal, else the first.',
  source: 'Search Reference, Comparison and Conditional functions, nullif',
  usage: 'nullif(any, any)',
  returns: 'any',
  examples: [
    ['nullif("a","a")', null],
    ['nullif("a","b")', 'a'],
    ['nullif(2.50,nosuch)', '2.50'],
  ],
  accepts: (_args, types) => types.length === 2,
  typed: ([first]) => first!,
  call([a, b], frame) {
    const v = a!.value(frame)
    const { places } = frame
    const asText = a!.type === 'text' || b!.type === 'text'
    const same = compareValues('=', v, b!.value(frame), asText)
    frame.places = places
    return same ? null : v
  },
})
