import { statistic } from '../operators/statistic'
import { addMoments, moments, varianceOf } from '../operators/variance'

export default statistic({
  name: 'varp',
  summary: 'The population variance of the numbers.',
  source: 'Search Reference, Statistical and charting functions, varp',
  takes: 'numbers',
  cells: moments,
  add: addMoments,
  value: (c, g) => varianceOf(c, g, true),
  examples: ['stats varp(x) BY host'],
})
