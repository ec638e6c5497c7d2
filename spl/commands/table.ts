import { only } from '../batch/demand'
import { keepFields } from '../operators/project'
import { command } from '../syntax/command'
import { fieldPattern, list } from '../syntax/shapes'

export default command({
  name: 'table',
  summary: 'Keeps only the named fields, as columns in the order given.',
  source: 'Search Reference 9.x, table',
  kind: 'transforming',
  syntax: { fields: list(fieldPattern) },
  missing: { fields: 'Must specify at least one valid field name (can contain wildcards).' },
  needs: ({ fields }, after) => only(after, fields),
  map: ({ fields }) => keepFields(fields),
  examples: ['table _time host user', 'table source*, count', 'table "Count of Events"'],
})
