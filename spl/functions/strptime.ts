import { evalFunction, loose, text } from '../expressions/function'
import { strptime } from '../values/time/strptime'

export default evalFunction({
  name: 'strptime',
  summary: 'The time that a text tells by a format; null where it does not fit.',
  source: 'Search Reference, Date and Time functions, strptime',
  params: [loose, text],
  returns: 'number',
  digits: () => 6,
  examples: [
    ['strptime("2022-12-15 09:45:22","%Y-%m-%d %H:%M:%S")', '1671097522.000000'],
    ['strptime("x","%Y")', null],
  ],
  call: (s, format, frame) => strptime(s, format, frame.context.zone),
})
