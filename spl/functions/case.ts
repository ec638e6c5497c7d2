import { commonType, lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'case',
  summary: 'The value after the first condition that is true; null where none is.',
  source: 'Search Reference, Comparison and Conditional functions, case',
  usage: 'case(bool, any, ...)',
  returns: 'any',
  examples: [
    ['case(1==2,"a",true(),"b")', 'b'],
    ['case(1==2,"a")', null],
  ],
  accepts: (_args, types) =>
    types.length > 0 && types.length % 2 === 0 && types.every((t, i) => i % 2 === 1 || t === 'boolean' || t === 'any'),
  typed: (types) => commonType(types.filter((_t, i) => i % 2 === 1)),
  call(args, frame) {
    for (let i = 0; i < args.length; i += 2) if (args[i]!.truth(frame)) return args[i + 1]!.value(frame)
    return null
  },
})
