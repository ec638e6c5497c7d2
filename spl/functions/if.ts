import { commonType, lazyFunction } from '../expressions/function'

export default lazyFunction({
  name: 'if',
  summary: 'The second argument where the first is true, else the third; a condition without a value is not true.',
  source: 'Search Reference, Comparison and Conditional functions, if',
  usage: 'if(bool, any, any)',
  returns: 'any',
  examples: [
    ['if(5>3,"yes","no")', 'yes'],
    ['if(nosuch=="x","a","b")', 'b'],
  ],
  accepts: (_args, [condition, ...branches]) => branches.length === 2 && (condition === 'boolean' || condition === 'any'),
  typed: ([, a, b]) => commonType([a!, b!]),
  call: ([condition, a, b], frame) => (condition!.truth(frame) ? a! : b!).value(frame),
})
