import { evalFunction, texts } from '../expressions/function'

export default evalFunction({
  name: 'mvcount',
  summary: 'How many values there are; null where there is none.',
  source: 'Search Reference, Multivalue eval functions, mvcount',
  params: [texts],
  returns: 'number',
  examples: [
    ['mvcount(split("a,b,c",","))', '3'],
    ['mvcount("a")', '1'],
    ['mvcount(nosuch)', null],
  ],
  call: (values) => values.length,
})
