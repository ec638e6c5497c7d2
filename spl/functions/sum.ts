import { evalFunction, numbers, orNull, rest } from '../expressions/function'
import { total } from '../values/total'

export default evalFunction({
  name: 'sum',
  summary: 'The sum of all numbers among the values; other texts and nulls are left out.',
  source: 'Search Reference, Statistical eval functions, sum',
  params: [orNull(numbers), rest(orNull(numbers))],
  returns: 'number',
  digits: 'exact',
  examples: [['sum(2,3,nosuch)', '5']],
  call: (first, more) => total(first, more)?.sum ?? null,
})
