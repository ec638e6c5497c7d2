import type { Column } from '../batch/column'
import type { Order } from '../batch/order'
import type { Value } from '../values/value'

/** What one batch gives a statistic: each row once for every group that it belongs to. */
export interface TallyInput {
  readonly rows: Uint32Array
  /** The group of each of `rows`. */
  readonly groups: Int32Array
  /** The field's column; `rows` where the statistic is of the rows themselves (a bare `count`). */
  readonly column: Column | undefined | 'rows'
  readonly order: Order | undefined
  /** `_time`, for statistics that go by it. */
  readonly time: Column | undefined
}

/** One term of a `stats` over all of its groups. Knows how to merge and how to travel. */
export interface Tally {
  /** Makes room for groups 0 … groups − 1. */
  reserve(groups: number): void
  add(input: TallyInput): void
  /** Its state as columns by name, of `groups` groups; shares no array with it. */
  encode(groups: number): Readonly<Record<string, Column>>
  /** @param groups  its own group for each group of the state, −1 to leave it out */
  absorb(columns: (part: string) => Column | undefined, groups: Int32Array): void
  value(group: number): Value
  column(groups: number): Column
  readonly bytes: number
}

/** What a statistic looks at: rows or values, numbers, texts, or texts with their place in the order of events or in time. */
export type Takes = 'rows' | 'numbers' | 'texts' | 'placed' | 'timed'

/** What the rest of the program sees of a statistic. */
export interface Aggregation {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly source: string
  readonly takes: Takes
  /** The name ends in a number: `perc95`. */
  readonly numbered: boolean
  /** What it is over nothing at all: 0 for counts, nothing for the others. */
  readonly empty: 0 | null
  readonly examples: readonly string[]
  /** @param allnum  nothing for a group in which some value is no number */
  open(options: { readonly number: number; readonly allnum: boolean }): Tally
}
export type Aggregations = ReadonlyMap<string, Aggregation>
