import { statistic } from '../operators/statistic'
import { addMoments, moments, root, varianceOf } from '../operators/variance'

export default statistic({
  name: 'stdevp',
  summary: 'The population standard deviation of the numbers.',
  source: 'Search Reference, Statistical and charting functions, stdevp',
  takes: 'numbers',
  cells: moments,
  add: addMoments,
  value: (c, g) => root(varianceOf(c, g, true)),
  examples: ['stats stdevp(x) BY host'],
})
