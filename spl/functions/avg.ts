import { evalFunction, numbers, orNull, rest } from '../expressions/function'
import { total } from '../values/total'

export default evalFunction({
  name: 'avg',
  summary: 'The mean of all numbers among the values; other texts and nulls are left out.',
  source: 'Search Reference, Statistical eval functions, avg',
  params: [orNull(numbers), rest(orNull(numbers))],
  returns: 'number',
  digits: 'exact',
  examples: [['avg(2,3,nosuch)', '2.5']],
  call: (first, more) => {
    const all = total(first, more)
    return all && all.sum / all.count
  },
})
