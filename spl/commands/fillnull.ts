import { type Batch, rowsOf, withColumns } from '../batch/batch'
import type { Column } from '../batch/column'
import { wants } from '../batch/demand'
import { hasValue } from '../batch/gather'
import { collect } from '../operators/collect'
import { mapValues, type ValueMap } from '../operators/map-values'
import type { MapBatch, RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { field, list, maybe, option, refusal, text } from '../syntax/shapes'
import { isInternal } from '../values/field-pattern'
import type { Value } from '../values/value'

export default command({
  name: 'fillnull',
  summary: 'Puts a value where fields have none: in the fields listed, or in all that have a value somewhere.',
  source: 'Search Reference 9.x, fillnull',
  kind: 'distributable streaming',
  syntax: { value: option('value', text, '0'), fields: maybe(list(field), [] as readonly string[]) },
  check({ fields }) {
    const twice = fields.find((f, i) => fields.indexOf(f) !== i)
    if (twice !== undefined) throw refusal('fillnull', `Field '${twice}' cannot be specified multiple times.`)
  },
  needs: (_args, after) => after,
  forms: ({ fields }) =>
    fields.length > 0
      ? { map: ({ value }, context) => filler(fields, value, context) }
      : { run: ({ value }, input, context) => fillAll(value, input, context) },
  examples: ['fillnull', 'fillnull value=NULL', 'fillnull value="not set" user, host'],
})

function filler(fields: readonly string[], value: string, context: RunContext): MapBatch {
  const map: ValueMap = { of: (v: Value) => v ?? value }
  return (batch) => withColumns(batch, new Map(fields.map((name) => [name, (below) => filled(below, name, map, context)])))
}

function filled(below: Batch, name: string, map: ValueMap, context: RunContext): Column {
  const c = below.column(name)
  return c && isFull(c, rowsOf(below)) ? c : mapValues(below, c, map, context.dictionary(name))
}

function isFull(c: Column, rows: Uint32Array): boolean {
  if (c.kind === 'number') return !c.nulls || rows.every((r) => c.nulls![r] === 0)
  return c.kind === 'dictionary' && rows.every((r) => c.codes[r]! >= 0)
}

/** Which fields have a value shows only at the end. */
async function* fillAll(value: string, input: AsyncIterable<Batch>, context: RunContext): AsyncGenerator<Batch> {
  const kept = await collect(input, context.wanted, context)
  const seen = new Set<string>()
  for (const batch of kept)
    for (const name of batch.names()) if (!seen.has(name) && hasValue(batch.column(name), rowsOf(batch))) seen.add(name)
  const fill = filler(
    [...seen].filter((n) => !isInternal(n) && wants(context.wanted, n)),
    value,
    context,
  )
  for (const batch of kept) yield fill(batch) as Batch
}
