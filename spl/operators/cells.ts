/** The kinds of cells that a statistic is made of, as its author names them. */
import { ExtremeCell } from './extreme-cell'
import { ListCell } from './list-cell'
import { NumberCell } from './number-cell'
import { NumbersCell } from './numbers-cell'
import { PlacedCell } from './placed-cell'
import { TextsCell } from './texts-cell'

/** One number: the sum, the least, the greatest. */
export const sum = () => new NumberCell('sum')
export const least = () => new NumberCell('least')
export const most = () => new NumberCell('most')
/** Distinct texts with their counts. */
export const texts = () => new TextsCell()
/** The text that stands first or last. */
export const placed = (which: 'first' | 'last') => () => new PlacedCell(which)
/** The first texts, duplicates kept. */
export const list = (limit: number) => () => new ListCell(limit)
/** All numbers; many may be rounded, if it says so. */
export const numbers =
  (rounding: 'none' | 'nearest' | 'up' = 'none') =>
  () =>
    new NumbersCell(rounding)
/** The least or the greatest value, as it was written. */
export const extreme = (which: 'least' | 'most') => () => new ExtremeCell(which)
