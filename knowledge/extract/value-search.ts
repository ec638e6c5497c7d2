import type { JsonNameSearch } from '../../spl/batch/byte-search'
import type { Written } from './intern'

/** Looks for the values of one field in texts as bytes. */
export interface ValueSearch {
  /** Of each value in the text that was looked at last, in order: first and one past the last byte. */
  readonly places: readonly number[]
  readonly written: Written
  /** Of these one stands in every text that has the field. */
  readonly needles: readonly Buffer[]
  /** The same for whoever can look where the texts are. */
  readonly byName?: JsonNameSearch | undefined
  /** Whether a text may have fields at all, by its first byte. */
  mayBegin(byte: number): boolean
  /** False where the text must be read as a whole. */
  look(data: Buffer, start: number, end: number): boolean
}
