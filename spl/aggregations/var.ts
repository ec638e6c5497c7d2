import { statistic } from '../operators/statistic'
import { addMoments, moments, varianceOf } from '../operators/variance'

export default statistic({
  name: 'var',
  summary: 'The sample variance of the numbers.',
  source: 'Search Reference, Statistical and charting functions, var',
  takes: 'numbers',
  cells: moments,
  add: addMoments,
  value: (c, g) => varianceOf(c, g, false),
  examples: ['stats var(x) BY host'],
})
