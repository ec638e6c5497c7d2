import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'
import type { Expression, StaticType } from './expression'

/** A value inside an expression: booleans live here only. */
export type Scalar = string | number | boolean | null | readonly string[]

/** What an evaluation may ask of the search. */
export interface EvaluationContext {
  /** Epoch seconds of the search's start. */
  readonly now: number
  /** A number of [0, 1) that depends on the search's seed, the event's place and the node alone. */
  random(place: { readonly time: number; readonly serial: number; readonly index: number }, node: number): number
  /** Name of the user's time zone. */
  readonly timeZone: string
}

/** One row under evaluation; the same object is used for all rows of a batch. */
export interface Frame {
  batch: Batch
  row: number
  /** Columns of the expression's fields, by slot. */
  columns: readonly (Column | undefined)[]
  /** Decimal place of the number that was evaluated last. */
  places: number
  /** A field that stands for one value of a multivalue (mvmap, mvfilter). */
  bound: { readonly field: string; readonly value: string } | undefined
  readonly context: EvaluationContext
}

/** A node, ready to run. */
export interface Compiled {
  readonly node: Expression
  readonly type: StaticType
  readonly fields: readonly string[]
  readonly pure: boolean
  /** Whether a regular expression in it may backtrack badly. */
  readonly risky: boolean
  /** The value; sets `frame.places` where it is a number. */
  value(frame: Frame): Scalar
  /** The number, or NaN; sets `frame.places`. */
  number(frame: Frame): number
  truth(frame: Frame): boolean
}
