import { withColumns } from '../batch/batch'
import { mapValues } from '../operators/map-values'
import { command } from '../syntax/command'
import { field } from '../syntax/shapes'
import { textOf, type Value } from '../values/value'

export default command({
  name: 'nomv',
  summary: 'Makes one text of a multivalue, a value a line.',
  source: 'Search Reference 9.x, nomv',
  kind: 'distributable streaming',
  syntax: { field },
  needs: (_args, after) => after,
  map({ field: name }, context) {
    const map = { of: (v: Value) => (Array.isArray(v) ? textOf(v) : v), lists: true }
    return (batch) =>
      withColumns(
        batch,
        new Map([
          [
            name,
            (below) => {
              const c = below.column(name)
              const isSingle = c?.kind === 'dictionary' || c?.kind === 'number'
              return isSingle || !c ? c : mapValues(below, c, map, context.dictionary(name))
            },
          ],
        ]),
      )
  },
  examples: ['nomv recipients'],
})
