import type { ClientRow } from './rest-client'

/** The first difference between two answers, in words; undefined where they are equal, row by row. */
export function differingRows(a: readonly ClientRow[], b: readonly ClientRow[]): string | undefined {
  if (a.length !== b.length) return `${a.length} rows and ${b.length}`
  for (const [i, row] of a.entries()) {
    const other = b[i]!
    const name = [...new Set([...Object.keys(row), ...Object.keys(other)])].find((n) => shown(row[n]) !== shown(other[n]))
    if (name !== undefined) return `row ${i + 1}, ${name}: ${shown(row[name])} and ${shown(other[name])}`
  }
  return undefined
}

const shown = (cell: ClientRow[string] | undefined): string => (cell === undefined ? 'nothing' : JSON.stringify(cell))
