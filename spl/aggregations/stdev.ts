import { statistic } from '../operators/statistic'
import { addMoments, moments, root, varianceOf } from '../operators/variance'

export default statistic({
  name: 'stdev',
  summary: 'The sample standard deviation of the numbers.',
  source: 'Search Reference, Statistical and charting functions, stdev',
  takes: 'numbers',
  cells: moments,
  add: addMoments,
  value: (c, g) => root(varianceOf(c, g, false)),
  examples: ['stats stdev(x) BY host'],
})
