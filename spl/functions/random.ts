import { evalFunction } from '../expressions/function'

export default evalFunction({
  name: 'random',
  summary:
    'A whole number from 0 to 2147483647 that follows from the seed of the search, the place of the event and the place in the search text.',
  source: 'Search Reference, Statistical eval functions, random',
  params: [],
  returns: 'number',
  pure: false,
  examples: [['tostring(random()>=0 AND random()<=2147483647)', 'True']],
  call(frame, node) {
    const order = frame.batch.order
    const { row } = frame
    const place = order
      ? { time: order.time[row]!, serial: order.serial[row]!, index: typeof order.index === 'number' ? order.index : order.index[row]! }
      : { time: 0, serial: row, index: 0 }
    return Math.floor(frame.context.random(place, node.id) * 2 ** 31)
  },
})
