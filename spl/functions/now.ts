import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'now',
  summary: 'Epoch seconds of the start of the search, the same throughout.',
  source: 'Search Reference, Date and Time functions, now',
  params: [],
  returns: 'number',
  digits: 'exact',
  examples: [['now()-now()', '0']],
  call: (frame) => Math.floor(frame.context.now),
})
