import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'time',
  summary: 'Epoch seconds at the moment of the call, with microseconds.',
  source: 'Search Reference, Date and Time functions, time',
  params: [],
  returns: 'number',
  pure: false,
  digits: () => 6,
  examples: [['tostring(time()>=0)', 'True']],
  call: (frame) => frame.context.clock?.() ?? frame.context.now,
})
