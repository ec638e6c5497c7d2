import { type Batch, rowsOf, withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, isNullAt, valueAt } from '../batch/column'
import { ordered, wants } from '../batch/demand'
import { fill } from '../operators/map-values'
import type { StepBatch } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { fieldPattern, list, maybe } from '../syntax/shapes'
import { anyField } from '../values/field-pattern'
import type { Value } from '../values/value'
import { hasWildcard } from '../values/wildcard'

export default command({
  name: 'filldown',
  summary: 'Where a field has no value, repeats the last one above it.',
  source: 'Search Reference 9.x, filldown',
  kind: 'centralized streaming',
  syntax: { fields: maybe(list(fieldPattern), ['*']) },
  needs: (_args, after) => ordered(after),
  step({ fields }, context): StepBatch {
    const last = new Map<string, Value>()
    const listed = anyField(fields)
    const plain = fields.filter((f) => !hasWildcard(f))
    const names = (batch: Batch) =>
      plain.length === fields.length ? plain : [...new Set([...last.keys(), ...plain, ...batch.names().filter((n) => listed(n))])]
    return (batch) => {
      const columns = new Map<string, Column>()
      for (const name of names(batch)) {
        // Each value must be looked at now, since the next batch goes on from it; what nobody wants needs none.
        if (!wants(context.wanted, name)) continue
        const builder = new ColumnBuilder(context.dictionary(name))
        columns.set(name, filledDown(batch, name, last, builder))
      }
      return withColumns(batch, columns)
    }
  },
  examples: ['filldown', 'filldown count', 'filldown score_*'],
})

function filledDown(batch: Batch, name: string, last: Map<string, Value>, builder: ColumnBuilder): Column {
  const c = batch.column(name)
  let above = last.get(name) ?? null
  if (c && rowsOf(batch).every((r) => !isNullAt(c, r))) {
    last.set(name, valueAt(c, rowsOf(batch).at(-1)!))
    return c
  }
  fill(builder, batch, (row) => {
    const v = valueAt(c, row)
    if (v !== null) above = v
    return above
  })
  last.set(name, above)
  return builder.build()
}
