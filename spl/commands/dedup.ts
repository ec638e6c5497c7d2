import { type Batch, filterRows, rowsOf, withColumns } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { type Column, valueAt } from '../batch/column'
import { ordered, plus } from '../batch/demand'
import { Combinations } from '../operators/combinations'
import { fill } from '../operators/map-values'
import type { RunContext, StepBatch } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, clause, field, integer, list, maybe, option, refusal } from '../syntax/shapes'
import { type SortKey, sortKey } from '../syntax/sort-key'

interface Arguments {
  readonly keep: number
  readonly fields: readonly string[]
  readonly keepevents: boolean
  readonly keepempty: boolean
  readonly consecutive: boolean
  readonly sortby: readonly SortKey[] | undefined
}

const LIMIT = 'The limit option is invalid. It must be >= 1.'

export default command({
  name: 'dedup',
  summary: 'Keeps the first results of each combination of values.',
  source: 'Search Reference 9.x, dedup',
  kind: 'centralized streaming',
  syntax: {
    keep: maybe(integer, 1),
    fields: list(field),
    keepevents: option('keepevents', boolean, false),
    keepempty: option('keepempty', boolean, false),
    consecutive: option('consecutive', boolean, false),
    sortby: clause('sortby', list(sortKey)),
  },
  missing: { fields: 'At least one field must be given as an argument.' },
  check({ keep, fields, sortby }) {
    if (keep < 1 || /^-\d+$/.test(fields[0]!)) throw refusal('dedup', LIMIT)
    const twice = fields.find((f, i) => fields.indexOf(f) !== i)
    if (twice !== undefined) throw refusal('dedup', `The field '${twice}' is specified multiple times.`)
    const bare = sortby?.find((k) => !k.signed)
    if (bare) throw refusal('dedup', `The field '${bare.field}' after 'sortby' needs a '+' or a '-'.`)
  },
  needs: ({ fields }, after) => ordered(plus(after, ...fields)),
  forms: ({ sortby }) => (sortby ? { rewrite } : { step: unique, perTask: ({ consecutive, keepevents }) => !consecutive && !keepevents }),
  examples: ['dedup host', 'dedup 2 host, source keepempty=true', 'dedup user consecutive=true', 'dedup host sortby -_time'],
})

/** The sort comes first, and over all rows: the one that is topmost of its kind stays. */
function rewrite(args: Arguments) {
  const sort = { count: 0, limit: undefined, keys: { keys: args.sortby!, reversed: false } }
  return [
    { command: 'sort', args: sort },
    { command: 'dedup', args: { ...args, sortby: undefined } },
  ]
}

function unique(args: Arguments, context: RunContext): StepBatch {
  const combinations = new Combinations(args.fields)
  const isExtra = args.consecutive ? afterOwnKind(args) : beyondCount(args)
  let reserved = 0
  return (batch) => {
    const ids = combinations.assign(batch)
    context.reserve(combinations.bytes - reserved)
    reserved = combinations.bytes
    const extra = new Uint8Array(batch.rows)
    for (const row of rowsOf(batch)) extra[row] = isExtra(ids[row]!) ? 1 : 0
    return args.keepevents ? blanked(batch, args.fields, extra, context) : filterRows(batch, (row) => extra[row] === 0)
  }
}

/** Rows without one of the fields are no combination: all of them go, or with keepempty all of them stay. */
function beyondCount({ keep, keepempty }: Arguments): (id: number) => boolean {
  const seen: number[] = []
  return (id) => {
    if (id < 0) return !keepempty
    seen[id] = (seen[id] ?? 0) + 1
    return seen[id]! > keep
  }
}

function afterOwnKind({ keep, keepempty }: Arguments): (id: number) => boolean {
  let previous = -1
  let run = 0
  return (id) => {
    run = id >= 0 && id === previous ? run + 1 : 1
    previous = id
    return id < 0 ? !keepempty : run > keep
  }
}

/** keepevents: the rows stay, and what is a duplicate loses the fields. */
function blanked(batch: Batch, fields: readonly string[], extra: Uint8Array, context: RunContext): Batch {
  const blank =
    (name: string) =>
    (below: Batch): Column => {
      const c = below.column(name)
      const builder = new ColumnBuilder(context.dictionary(name))
      fill(builder, below, (row) => (extra[row] ? null : valueAt(c, row)))
      return builder.build()
    }
  return withColumns(batch, new Map(fields.map((name) => [name, blank(name)])))
}
