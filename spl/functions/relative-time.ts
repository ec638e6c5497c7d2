import { evalFunction, number, text } from '../expressions/function'
import { BadTime } from '../values/time/bad-time'
import { resolveTime } from '../values/time/modifiers'

export default evalFunction({
  name: 'relative_time',
  summary: 'A time moved by a time modifier, in the zone of the user; null where the modifier cannot be read.',
  source: 'Search Reference, Date and Time functions, relative_time',
  params: [number, text],
  returns: 'number',
  digits: () => 6,
  examples: [
    ['strftime(relative_time(1787578215,"-1d@d+3h"),"%F %T")', '2026-08-23 03:00:00'],
    ['relative_time(1787578215,"@d")', '1787529600.000000'],
    ['relative_time(1,"bogus")', null],
  ],
  call(t, modifier, frame) {
    try {
      return resolveTime(modifier, t, frame.context.zone)
    } catch (e) {
      if (e instanceof BadTime) return null
      throw e
    }
  },
})
