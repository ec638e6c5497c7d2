import type { Column, DictionaryColumn, NumberColumn } from '../batch/column'

export type Parts = (part: string) => Column | undefined

/** Typed state of a statistic for all groups at once. A cell merges, travels and counts its bytes itself. */
export interface Cell {
  /** Makes room for groups 0 … n − 1. */
  reserve(groups: number): void
  /** The state of groups from … to − 1, numbered from 0; shares no array with the cell. */
  encode(from: number, to: number): Readonly<Record<string, Column>>
  /** @param groups  the cell's own group for each group of the state, −1 to leave it out */
  absorb(parts: Parts, groups: Int32Array): void
  readonly bytes: number
  /** The most values that it keeps of a group, and whether there were more. */
  readonly limit?: number
  readonly full?: boolean
}

export const numbersColumn = (numbers: Float64Array): NumberColumn => ({ kind: 'number', numbers })
export const numbersOf = (c: Column | undefined): Float64Array => (c as NumberColumn).numbers
export const textsOf = (c: Column | undefined): DictionaryColumn => c as DictionaryColumn

/** Places in the order of events, one an entry: by time (of the order, or `_time`), serial, index. */
export interface Places {
  readonly time: Float64Array
  readonly serial: Float64Array
  readonly index: Float64Array
}
