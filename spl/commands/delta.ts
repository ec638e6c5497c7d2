import { withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { numberAt } from '../batch/column'
import { minus, ordered, plus, wants } from '../batch/demand'
import { fill } from '../operators/map-values'
import { command } from '../syntax/command'
import { clause, field, integer, option, refusal } from '../syntax/shapes'

const targetOf = ({ field: from, as }: { readonly field: string; readonly as: string | undefined }) => as ?? `delta(${from})`

export default command({
  name: 'delta',
  summary: 'The difference between a field and the same field some results earlier.',
  source: 'Search Reference 9.x, delta',
  kind: 'centralized streaming',
  syntax: { field, as: clause('AS', field), back: option('p', integer, 1) },
  check({ back }) {
    if (back < 1) throw refusal('delta', "The option 'p' must be >= 1.")
  },
  needs: (args, after) => (wants(after, targetOf(args)) ? ordered(plus(minus(after, targetOf(args)), args.field)) : after),
  step(args, context) {
    const to = targetOf(args)
    const earlier: number[] = []
    if (!wants(context.wanted, to)) return (batch) => batch
    return (batch) => {
      const c = batch.column(args.field)
      const builder = new ColumnBuilder(context.dictionary(to))
      fill(builder, batch, (row) => {
        const x = numberAt(c, row)
        const difference = earlier.length < args.back ? Number.NaN : x - earlier.shift()!
        earlier.push(x)
        return difference === difference ? difference : null
      })
      return withColumns(batch, new Map([[to, builder.build()]]))
    }
  },
  examples: ['delta count', 'delta count AS difference p=3'],
})
