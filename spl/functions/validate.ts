import { commonType, lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'validate',
  summary: 'The value after the first condition that is false; null where all are true.',
  source: 'Search Reference, Comparison and Conditional functions, validate',
  usage: 'validate(bool, any, ...)',
  returns: 'any',
  examples: [
    ['validate(1==1,"a",1==2,"b")', 'b'],
    ['validate(1==1,"a")', null],
  ],
  accepts: (_args, types) =>
    types.length > 0 && types.length % 2 === 0 && types.every((t, i) => i % 2 === 1 || t === 'boolean' || t === 'any'),
  typed: (types) => commonType(types.filter((_t, i) => i % 2 === 1)),
  call(args, frame) {
    for (let i = 0; i < args.length; i += 2) if (!args[i]!.truth(frame)) return args[i + 1]!.value(frame)
    return null
  },
})
