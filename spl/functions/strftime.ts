import { evalFunction, number, text } from '../expressions/function'
import { strftime } from '../values/time/strftime'

export default evalFunction({
  name: 'strftime',
  summary: 'A time as a text, by a format, in the zone of the user; null where the time is no number.',
  source: 'Search Reference, Date and Time functions, strftime',
  params: [number, text],
  returns: 'text',
  examples: [
    ['strftime(1700000000,"%F %T")', '2023-11-14 22:13:20'],
    ['strftime(1521467703.049,"%Q")', '049'],
  ],
  call: (t, format, frame) => strftime(t, format, frame.context.zone),
})
