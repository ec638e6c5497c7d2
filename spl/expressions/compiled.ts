import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'
import { numberOf, numberText, placesOf } from '../values/number'
import type { Zone } from '../values/time/zone'
import type { Expression, StaticType } from './expression'

/** A value inside an expression: booleans live here only. */
export type Scalar = string | number | boolean | null | readonly string[]

/** What an evaluation may ask of the search. */
export interface EvaluationContext {
  /** Epoch seconds of the search's start. */
  readonly now: number
  /** Epoch seconds at this moment, with microseconds; without it `time()` is the search's start. */
  clock?(): number
  /** A number of [0, 1) that depends on the search's seed, the event's place and the node alone. */
  random(place: { readonly time: number; readonly serial: number; readonly index: number }, node: number): number
  /** The user's time zone. */
  readonly zone: Zone
}

/** A field that stands for one value of a multivalue (mvmap, mvfilter), inside others that do. */
export interface Bound {
  readonly field: string
  readonly value: string
  readonly outer: Bound | undefined
}

/** One row under evaluation; the same object is used for all rows of a batch. */
export interface Frame {
  batch: Batch
  row: number
  /** Names of the expression's fields, and their columns. */
  readonly slots: readonly string[]
  columns: readonly (Column | undefined)[]
  /** Decimal place of the number that was evaluated last. */
  places: number
  bound: Bound | undefined
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

/** A node over others. What is not said follows from them: a number and a truth from the value. */
export function compiled(of: readonly Compiled[], made: Pick<Compiled, 'node' | 'type' | 'value'> & Partial<Compiled>): Compiled {
  const { value } = made
  return {
    fields: [...new Set(of.flatMap((c) => c.fields))],
    pure: of.every((c) => c.pure),
    risky: of.some((c) => c.risky),
    number: (f) => numberIn(value(f), f),
    truth: (f) => value(f) === true,
    ...made,
  }
}

/** The number that a value is, or NaN. A text brings the place that it is written with. */
export function numberIn(v: Scalar, f: Frame): number {
  if (typeof v === 'number') return v
  if (typeof v !== 'string') return Number.NaN
  f.places = placesOf(v)
  return numberOf(v)
}

/** The value with a number as its text, rounded at its place. */
export function textIn(c: Compiled, f: Frame): Scalar {
  const v = c.value(f)
  return typeof v === 'number' ? numberText(v, f.places) : v
}

/** A result that is no number, or not finite, leaves the field unset. @source measured: `sqrt(-1)`, `1/0`, `ln(0)` */
export const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)
