import { extreme } from '../expressions/extreme'
import { lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'min',
  summary: 'The least of all values, of multivalues too: numbers stand below texts, and a text literal is a text whatever it holds.',
  source: 'Search Reference, Statistical eval functions, min; quoted numbers are texts: measured on 10.4',
  usage: 'min(any, ...)',
  returns: 'any',
  examples: [
    ['min("10","9")', '10'],
    ['min(3,"a")', '3'],
    ['min(split("3 5 6 4 7 2"," "))', '2'],
  ],
  accepts: (_args, types) => types.length > 0 && !types.includes('boolean'),
  typed: (types) => (types.every((t) => t === 'number') ? 'number' : 'any'),
  call: (args, frame) => extreme(args, frame, -1),
})
