import { EXACT, numberOf, numberText, placesOf } from '../values/number'
import type { Value } from '../values/value'
import type { Dictionary } from './dictionary'

/** The four kinds of a column, plain data but for the dictionary. Arrays are defined at the selected rows only. */
export interface ConstantColumn {
  readonly kind: 'constant'
  readonly value: Value
  readonly places: number
}
export interface DictionaryColumn {
  readonly kind: 'dictionary'
  /** −1 is null. */
  readonly codes: Int32Array
  readonly dictionary: Dictionary
}
export interface NumberColumn {
  readonly kind: 'number'
  readonly numbers: Float64Array
  /** 1 where null. */
  readonly nulls?: Uint8Array
  /** Decimal places; absent when all are exact. */
  readonly places?: Int8Array
}
export interface MultivalueColumn {
  readonly kind: 'multivalue'
  /** Row i holds codes[offsets[i]] … codes[offsets[i+1] − 1]: none is null, one is a plain text. */
  readonly offsets: Uint32Array
  readonly codes: Int32Array
  readonly dictionary: Dictionary
}
export type Column = ConstantColumn | DictionaryColumn | NumberColumn | MultivalueColumn

export const constant = (value: Value, places = EXACT): ConstantColumn => ({ kind: 'constant', value, places })

/** One value, the rare path. A number that does not show all its digits comes back as its text. */
export function valueAt(c: Column | undefined, row: number): Value {
  if (c === undefined) return null
  switch (c.kind) {
    case 'constant':
      return typeof c.value === 'number' && c.places !== EXACT ? numberText(c.value, c.places) : c.value
    case 'dictionary': {
      const code = c.codes[row]!
      return code < 0 ? null : c.dictionary.text(code)
    }
    case 'number': {
      if (c.nulls?.[row]) return null
      const p = c.places?.[row] ?? EXACT
      return p === EXACT ? c.numbers[row]! : numberText(c.numbers[row]!, p)
    }
    case 'multivalue':
      return listAt(c, row)
  }
}

function listAt(c: MultivalueColumn, row: number): Value {
  const from = c.offsets[row]!
  const to = c.offsets[row + 1]!
  if (to === from) return null
  if (to === from + 1) return c.dictionary.text(c.codes[from]!)
  const out: string[] = []
  for (let k = from; k < to; k++) out.push(c.dictionary.text(c.codes[k]!))
  return out
}

/** Whether the row has no value. */
export function isNullAt(c: Column | undefined, row: number): boolean {
  if (c === undefined) return true
  if (c.kind === 'dictionary') return c.codes[row]! < 0
  if (c.kind === 'number') return c.nulls?.[row] === 1
  return c.kind === 'constant' ? c.value === null : c.offsets[row] === c.offsets[row + 1]
}

/** The number of a row, or NaN: of a null, of a text that is no number, of a multivalue. */
export function numberAt(c: Column | undefined, row: number): number {
  if (c === undefined) return Number.NaN
  if (c.kind === 'number') return c.nulls?.[row] ? Number.NaN : c.numbers[row]!
  if (c.kind === 'dictionary') {
    const code = c.codes[row]!
    return code < 0 ? Number.NaN : c.dictionary.number(code)
  }
  if (c.kind === 'constant') return typeof c.value === 'number' ? c.value : typeof c.value === 'string' ? numberOf(c.value) : Number.NaN
  const from = c.offsets[row]!
  return c.offsets[row + 1]! === from + 1 ? c.dictionary.number(c.codes[from]!) : Number.NaN
}

/** The decimal place of the number of a row. */
export function placesAt(c: Column, row: number): number {
  if (c.kind === 'number') return c.places?.[row] ?? EXACT
  if (c.kind === 'constant') return typeof c.value === 'string' ? placesOf(c.value) : c.places
  const code = c.kind === 'dictionary' ? c.codes[row]! : c.codes[c.offsets[row]!]!
  return code === undefined || code < 0 ? EXACT : c.dictionary.places(code)
}
