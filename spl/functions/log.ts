import { evalFunction, maybe, number } from '../expressions/function'

const inBase = (x: number, base: number) => (base === 10 ? Math.log10(x) : base === 2 ? Math.log2(x) : Math.log(x) / Math.log(base))

export default evalFunction({
  name: 'log',
  summary: 'The logarithm in base 10 or another; null where there is none.',
  source: 'Search Reference, Mathematical functions, log',
  params: [number, maybe(number, 10)],
  returns: 'number',
  examples: [
    ['round(log(1000),2)', '3.00'],
    ['log(8,2)', '3'],
    ['log(100,1)', null],
    ['log(0)', null],
  ],
  call: (x, base) => (base <= 0 || base === 1 || x <= 0 ? null : inBase(x, base)),
})
