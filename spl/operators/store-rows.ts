import { type Batch, batchOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { madeOrder } from '../batch/order'
import type { RunContext } from '../syntax/behaviour'
import { options, text } from '../syntax/shapes'
import type { StoreFacts } from '../syntax/store-facts'
import type { Value } from '../values/value'

/** `index=` of commands that ask what the indexes hold: names and patterns, as many as one likes. */
export const indexOption = options('index', text)

export function storeOf({ host }: RunContext): StoreFacts {
  if (!host.store) throw new Error('BUG: a command that inspects the store runs without one')
  return host.store
}

/** Rows in batches; the columns stand in the order of their names, as the reference lists them. */
export function* rowBatches<R>(
  rows: readonly R[],
  fields: Readonly<Record<string, (row: R) => Value>>,
  context: RunContext,
): Generator<Batch> {
  const names = Object.keys(fields).sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  for (let first = 0; first < rows.length; first += context.batchRows) {
    const part = rows.slice(first, first + context.batchRows)
    const columns = names.map((name) => {
      const builder = new ColumnBuilder(context.dictionary(name))
      for (const row of part) builder.push(fields[name]!(row))
      return [name, builder.build()] as const
    })
    yield batchOf(part.length, columns, madeOrder(first, part.length))
  }
}
