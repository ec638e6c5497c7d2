import { valueAt } from '../batch/column'
import { textsOf } from '../values/value'
import type { Bound, Frame } from './compiled'

/** A field's value while it stands for one value of a multivalue; undefined where it does not. */
export function boundValue(frame: Frame, name: string): string | undefined {
  let b: Bound | undefined = frame.bound
  while (b !== undefined && b.field !== name) b = b.outer
  return b?.value
}

/** All texts of a field of the row. */
export function textsOfField(frame: Frame, name: string): readonly string[] {
  const bound = boundValue(frame, name)
  return bound === undefined ? textsOf(valueAt(frame.columns[frame.slots.indexOf(name)], frame.row)) : [bound]
}

/** Runs `each` for every value, while the field stands for that value alone; gives what it gave, in order. */
export function overValues(
  frame: Frame,
  field: string,
  values: readonly string[],
  each: (value: string) => readonly string[],
): readonly string[] {
  const outer = frame.bound
  const found: string[] = []
  for (const value of values) {
    frame.bound = { field, value, outer }
    found.push(...each(value))
  }
  frame.bound = outer
  return found
}
