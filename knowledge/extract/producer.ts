import type { Column } from '../../spl/batch/column'
import type { FieldCells } from './cells'
import type { Step } from './definition'
import type { RawRows } from './raw-rows'

/** What the steps of one batch read, and where they keep what they found in it. Shared by all batches narrowed from that one. */
export interface Input {
  readonly raw: RawRows
  /** A field as the steps before this one left it. */
  field(name: string, before: number): Column | undefined
  /** What a producer keeps between two fields; rows that it has not looked at yet may be asked for later. */
  kept<T>(producer: object, make: () => T): T
}

/** A step, ready to run. */
export interface Producer {
  readonly step: Step
  /** The fields that it can give; undefined where that shows in the events only. */
  readonly names: ReadonlySet<string> | undefined
  /** Puts what it finds for one field into the cells of the rows. */
  fill(input: Input, name: string, cells: FieldCells, rows: Uint32Array): void
  /** The names of the fields that it finds in the rows, and perhaps of some that it does not. */
  found(input: Input, rows: Uint32Array): Iterable<string>
}
