import { numberOf } from '../values/number'
import type { Compiled, Frame, Scalar } from './compiled'

/**
 * The number that a value counts as, or NaN: a number, or a field's text that is one. A text literal is a text whatever it holds.
 * @source measured on 10.4: literal types are static
 */
export function numberLike(c: Compiled, frame: Frame): number {
  return numberOfValue(c.value(frame), c)
}

export function numberOfValue(v: Scalar, c: Compiled): number {
  if (typeof v === 'number') return v
  return typeof v === 'string' && c.type !== 'text' ? numberOf(v) : Number.NaN
}

/** A field that holds `NaN` answers to both isnum and isstr. @source Search Reference, Informational functions */
export const isNaNText = (v: Scalar, c: Compiled): boolean => v === 'NaN' && c.type !== 'text'
