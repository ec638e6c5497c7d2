/** What is known of a statistic outside its file, and what one keeps while rows arrive. */
import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'
import type { Order } from '../batch/order'

/**
 * What of a field a statistic is given: the fact that there is a value, numbers, texts, texts with their place in the order of events,
 * or numbers where a value is one and texts where not.
 */
export type Takes = 'rows' | 'numbers' | 'texts' | 'placed' | 'either'

/** A statistic of the catalogue. */
export interface Aggregation {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly source: string
  readonly takes: Takes
  /** Whether its name ends in a number: `perc95`. */
  readonly numbered: boolean
  /** Whether it may stand without a field, for rows as such. */
  readonly bare: boolean
  /** Whether it reads `_time`. */
  readonly timed: boolean
  /** A call, and what it gives over the values 1, 2, 2 and 10, the newest first. */
  readonly examples: readonly (readonly [call: string, result: string])[]
  open(options: TallyOptions): Tally
}
/** Statistics by name and alias, lower case. */
export type Aggregations = ReadonlyMap<string, Aggregation>

export interface TallyOptions {
  /** The number at the end of the name. */
  readonly number?: number | undefined
  /** No number where one of the values is none. */
  readonly allNumeric?: boolean
}

/** Rows for a statistic: row `rows[i]` belongs to group `groups[i]`; a row may stand several times. */
export interface TallyInput {
  readonly batch: Batch
  readonly rows: Uint32Array
  readonly groups: Int32Array
  /** The field's column; without `field` rows are given as such. */
  readonly field: { readonly column: Column | undefined } | undefined
  readonly order: Order
}

/** What a statistic is given of some rows: its values, spread and free of nulls, in the sequence of the input. */
export interface Entries {
  readonly n: number
  /** Entry i comes from `input.rows[at[i]]`; absent when entries are rows. */
  readonly at: Uint32Array | undefined
  readonly groups: Int32Array
}

/** A statistic at work, for all groups at once. */
export interface Tally {
  /** Makes room for groups 0 … n − 1. */
  reserve(groups: number): void
  prepare(input: TallyInput): Entries
  /** Takes entries from … to − 1 of those that it prepared. */
  add(entries: Entries, from: number, to: number): void
  /** Whether it was given any value. */
  readonly seen: boolean
  /** Forgets all groups. */
  clear(): void
  /** The state of groups from … to − 1, numbered from 0; shares no array with the instance. */
  encode(from: number, to: number): Record<string, Column>
  /** Takes in an encoded state, whose group g is `groups[g]` here; −1: passed over. */
  absorb(part: (name: string) => Column | undefined, groups: Int32Array): void
  /** The values of some groups; −1 gives null. */
  column(groups: Int32Array): Column
  readonly bytes: number
}
