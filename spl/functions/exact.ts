import { evalFunction, number } from '../expressions/function'

export default evalFunction({
  name: 'exact',
  summary: 'The number with all digits of its double, whatever the precision of its parts.',
  source: 'Search Reference, Mathematical functions, exact',
  params: [number],
  returns: 'number',
  digits: 'exact',
  examples: [
    ['exact(1/3)', '0.3333333333333333'],
    ['8.250*exact(0.2)', '1.650'],
    ['exact(8.250*0.2)', '1.6500000000000001'],
  ],
  call: (x) => x,
})
