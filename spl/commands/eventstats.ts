import { type Batch, type Lazy, withColumns } from '../batch/batch'
import type { Column } from '../batch/column'
import { type Demand, union } from '../batch/demand'
import { byGroup, type RowGroups, rowGroups, single } from '../operators/by-group'
import { collect } from '../operators/collect'
import { type Grouped, grouped } from '../operators/grouped'
import { aggregations, byFields, checkTerms, neededBy, type Term, wantedTerms } from '../syntax/aggregation'
import type { RunContext } from '../syntax/behaviour'
import { command } from '../syntax/command'
import { boolean, clause, option } from '../syntax/shapes'

const WHO = 'eventstats'

interface Arguments {
  readonly allnum: boolean
  readonly terms: readonly Term[]
  readonly by: readonly string[] | undefined
}

export default command({
  name: WHO,
  summary: 'Adds statistics of all rows, or of the row’s group, to each row.',
  source: 'Search Reference 9.x, eventstats',
  kind: 'dataset processing',
  syntax: { allnum: option('allnum', boolean, false), terms: aggregations(WHO), by: clause('BY', byFields(WHO)) },
  missing: { terms: 'You must specify at least one aggregation.' },
  check: ({ terms, by }, spans) => checkTerms(WHO, terms, by ?? [], spans.terms),
  needs: before,
  run: addStatistics,
  examples: ['eventstats avg(duration) AS mean', 'eventstats count BY user', 'eventstats max(bytes_*) AS most_* BY host'],
})

/** A row without a group keeps a field of the name, so what is wanted after it is wanted before it. */
function before({ terms, by }: Arguments, after: Demand): Demand {
  const wanted = wantedTerms(terms, after)
  return wanted.length === 0 ? after : union(after, neededBy(wanted, by ?? []))
}

async function* addStatistics(args: Arguments, input: AsyncIterable<Batch>, context: RunContext): AsyncGenerator<Batch> {
  const terms = wantedTerms(args.terms, context.wanted)
  if (terms.length === 0) {
    yield* input
    return
  }
  const by = args.by ?? []
  const rows = await collect(input, before(args, context.wanted), context)
  const statistics = grouped({ terms, by, allnum: args.allnum, dedup: false, command: WHO }, context)
  let reserved = 0
  for (const batch of rows) {
    statistics.add(batch)
    context.reserve(statistics.bytes - reserved)
    reserved = statistics.bytes
  }
  const columns = statistics.columns()
  for (const batch of rows) yield withColumns(batch, added(batch, columns, { statistics, by, context }))
}

interface Adding {
  readonly statistics: Grouped
  readonly by: readonly string[]
  readonly context: RunContext
}

function added(
  batch: Batch,
  columns: readonly (readonly [string, Column])[],
  { statistics, by, context }: Adding,
): ReadonlyMap<string, Lazy> {
  if (by.length === 0) return new Map(columns.map(([name, c]) => [name, single(c)]))
  // DIFFERS: what a row gets whose BY field holds several values is not documented: here the statistics of the first one's group.
  let groups: RowGroups | undefined
  return new Map(
    columns.map(([name, c]) => [
      name,
      (below) => {
        groups ??= rowGroups(batch, statistics.groupsOf(batch))
        return byGroup(below, groups, c, { old: below.column(name), target: () => context.dictionary(name) })
      },
    ]),
  )
}
