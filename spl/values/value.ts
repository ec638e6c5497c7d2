import { EXACT, numberText } from './number'

/** What a field holds in one row. A multivalue of one value is a plain text, of none is null; booleans live inside expressions only. */
export type Value = string | number | null | readonly string[]

export const isMultivalue = (v: unknown): v is readonly string[] => Array.isArray(v)

/** A list as a value: null when empty, a plain text when single. */
export function multivalue(texts: readonly string[]): Value {
  return texts.length === 0 ? null : texts.length === 1 ? texts[0]! : texts
}

/** The text of a value; the values of a multivalue stand on lines of their own. */
export function textOf(v: Value): string | null {
  if (v === null || typeof v === 'string') return v
  return typeof v === 'number' ? numberText(v, EXACT) : v.join('\n')
}

/** All texts of a value: none, one or several. */
export function textsOf(v: Value): readonly string[] {
  if (v === null) return []
  if (typeof v === 'string') return [v]
  return typeof v === 'number' ? [numberText(v, EXACT)] : v
}
