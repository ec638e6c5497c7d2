/** What is known of a statistic outside its file, and what it is at work. */
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
  /** Few statistics ask for it, and a store puts it together when they do. */
  order(): Order
  /** `_time`, for statistics that go by it. */
  readonly time: Column | undefined
}

/** A statistic over all of its groups. Knows how to merge and how to travel. */
export interface Tally {
  /** Makes room for groups 0 … n − 1. */
  reserve(groups: number): void
  add(input: TallyInput): void
  /** The state of groups from … to − 1, numbered from 0; shares no array with the tally. */
  encode(from: number, to: number): Readonly<Record<string, Column>>
  /** @param groups  its own group for each group of the state, −1 to leave it out */
  absorb(columns: (part: string) => Column | undefined, groups: Int32Array): void
  value(group: number): Value
  /** The values of groups 0 … n − 1. */
  column(groups: number): Column
  readonly bytes: number
  /** The limit of values of a group, where one had more. */
  readonly truncatedAt: number | undefined
}

/**
 * What a statistic looks at: rows or values, numbers, texts, numbers where a value is one and texts where not, or texts with their place in
 * the order of events or in time.
 */
export type Takes = 'rows' | 'numbers' | 'texts' | 'either' | 'placed' | 'timed'

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
/** By name and alias, lower case. */
export type Aggregations = ReadonlyMap<string, Aggregation>
