import { extreme } from '../expressions/extreme'
import { lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'max',
  summary: 'The greatest of all values, of multivalues too: numbers stand below texts, and a text literal is a text whatever it holds.',
  source: 'Search Reference, Statistical eval functions, max; quoted numbers are texts: measured on 10.4',
  usage: 'max(any, ...)',
  returns: 'any',
  examples: [
    ['max(1,"a",3)', 'a'],
    ['max(1.50,1)', '1.50'],
    ['max("abc",null())', 'abc'],
  ],
  accepts: (_args, types) => types.length > 0 && !types.includes('boolean'),
  typed: (types) => (types.every((t) => t === 'number') ? 'number' : 'any'),
  call: (args, frame) => extreme(args, frame, 1),
})
