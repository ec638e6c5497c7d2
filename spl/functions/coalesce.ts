import { commonType, lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'coalesce',
  aliases: ['ifnull'],
  summary: 'The first value that is not null; the empty text is a value.',
  source: 'Search Reference, Comparison and Conditional functions, coalesce',
  usage: 'coalesce(any, ...)',
  returns: 'any',
  examples: [
    ['coalesce(null(),"x")', 'x'],
    ['coalesce("","x")', ''],
    ['coalesce(nosuch,nosuch2)', null],
  ],
  accepts: (_args, types) => types.length > 0,
  typed: commonType,
  call(args, frame) {
    for (const arg of args) {
      const v = arg.value(frame)
      if (v !== null) return v
    }
    return null
  },
})
