import { withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { numberAt, valueAt } from '../batch/column'
import { ordered, plus, wants } from '../batch/demand'
import { fill } from '../operators/map-values'
import { command } from '../syntax/command'
import { clause, field } from '../syntax/shapes'

export default command({
  name: 'accum',
  summary: 'The running sum of a field; results without a number in it are passed over.',
  source: 'Search Reference 9.x, accum',
  kind: 'centralized streaming',
  syntax: { field, as: clause('AS', field) },
  needs: ({ field: from, as }, after) => (wants(after, as ?? from) ? ordered(plus(after, from)) : after),
  step({ field: from, as }, context) {
    const to = as ?? from
    let sum = 0
    if (!wants(context.wanted, to)) return (batch) => batch
    return (batch) => {
      const c = batch.column(from)
      const old = batch.column(to)
      const builder = new ColumnBuilder(context.dictionary(to))
      fill(builder, batch, (row) => {
        const x = numberAt(c, row)
        return x === x ? (sum += x) : valueAt(old, row)
      })
      return withColumns(batch, new Map([[to, builder.build()]]))
    }
  },
  examples: ['accum bytes', 'accum views AS total'],
})
