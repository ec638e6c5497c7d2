import { type Batch, batchOf, rowsOf } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { numberAt, valueAt } from '../batch/column'
import type { Accumulator, RunContext } from '../syntax/behaviour'
import { compareTexts } from '../values/compare'
import { numberText } from '../values/number'
import { textOf } from '../values/value'
import { grouped } from './grouped'

export interface RankedArguments {
  readonly command: string
  readonly fields: readonly string[]
  readonly by: readonly string[]
  /** Combinations of a group at most. */
  readonly limit: number
  /** Whether the most frequent come first. */
  readonly descending: boolean
  /** The columns of the count and of the percentage; undefined where they are not shown. */
  readonly countField: string | undefined
  readonly percentField: string | undefined
  /** What stands for all combinations past the limit; undefined where they are left out. */
  readonly other: string | undefined
}

/** One combination of values, and how often it occurs. */
interface Combination {
  readonly by: readonly string[]
  readonly values: readonly string[]
  readonly count: number
}

/** No field can be named like the count while it is counted. */
const COUNT = '\u0000'

/** Combinations of values with their counts, the most or the least frequent ones of each group first: top, rare. */
export function ranked(args: RankedArguments, context: RunContext): Accumulator {
  const keys = [...args.by, ...args.fields]
  // Whatever is wanted of what comes out, the count is wanted while counting.
  const counting = grouped(
    { terms: [{ function: 'count', name: COUNT }], by: keys, allnum: false, dedup: false, command: args.command },
    { ...context, wanted: { fields: [COUNT], except: [], ordered: false } },
  )
  return {
    add: (batch) => counting.add(batch),
    encode: () => counting.encode(),
    absorb: (state, part) => counting.absorb(state, part),
    get bytes() {
      return counting.bytes
    },
    *finish() {
      let page = pageOf(args)
      for (const group of groupsOf(combinations(counting.finish(), keys, args.by.length))) {
        for (const [c, total] of ranking(group, args)) {
          page.push(c, total)
          if (page.size < context.batchRows) continue
          yield page.build()
          page = pageOf(args)
        }
      }
      if (page.size > 0) yield page.build()
    },
  }
}

function* combinations(counted: Iterable<Batch>, keys: readonly string[], by: number): Generator<Combination> {
  for (const batch of counted) {
    const columns = keys.map((k) => batch.column(k))
    const counts = batch.column(COUNT)
    for (const row of rowsOf(batch)) {
      const texts = columns.map((c) => textOf(valueAt(c, row))!)
      yield { by: texts.slice(0, by), values: texts.slice(by), count: numberAt(counts, row) }
    }
  }
}

/** The combinations of each group, which stand together since the counts come in the order of the keys. */
function* groupsOf(all: Iterable<Combination>): Generator<readonly Combination[]> {
  let group: Combination[] = []
  for (const c of all) {
    if (group.length > 0 && compareLists(group[0]!.by, c.by) !== 0) {
      yield group
      group = []
    }
    group.push(c)
  }
  if (group.length > 0) yield group
}

function* ranking(group: readonly Combination[], { limit, descending, other }: RankedArguments): Generator<readonly [Combination, number]> {
  const total = group.reduce((sum, c) => sum + c.count, 0)
  const sign = descending ? -1 : 1
  // Among equals the last one in byte order comes first. @source Search Reference, top, "Description"
  const sorted = group.toSorted((a, b) => sign * (a.count - b.count) || -compareLists(a.values, b.values))
  for (const c of sorted.slice(0, limit)) yield [c, total]
  const rest = sorted.slice(limit).reduce((sum, c) => sum + c.count, 0)
  if (other !== undefined && rest > 0) yield [{ by: group[0]!.by, values: group[0]!.values.map(() => other), count: rest }, total]
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareTexts(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return 0
}

interface Page {
  readonly size: number
  push(c: Combination, total: number): void
  build(): Batch
}

function pageOf({ by, fields, countField, percentField }: RankedArguments): Page {
  const keys = [...by, ...fields].map((name) => [name, new ColumnBuilder()] as const)
  const [counts, percents, totals] = [new ColumnBuilder(), new ColumnBuilder(), new ColumnBuilder()]
  return {
    get size() {
      return counts.length
    },
    push(c, total) {
      for (const [i, text] of [...c.by, ...c.values].entries()) keys[i]![1].push(text)
      counts.push(c.count)
      percents.push(numberText((100 * c.count) / total, 6))
      totals.push(total)
    },
    build() {
      const columns = keys.map(([name, builder]) => [name, builder.build()] as const)
      const counted = countField === undefined ? [] : [[countField, counts.build()] as const]
      const shares = percentField === undefined ? [] : [[percentField, percents.build()] as const]
      return batchOf(counts.length, [...columns, ...counted, ...shares, ['_tc', totals.build()]])
    },
  }
}
