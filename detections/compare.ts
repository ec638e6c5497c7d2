import { isNothing } from '../output/rows'
import type { Cell, Rows } from '../search/head'
import type { Expected, ExpectedRow } from './case'

/** Rows that are shown of those that came, at most. */
const MOST_SHOWN = 3

/** What was expected and did not come; empty when all did. */
export function differences(expected: Expected, got: Rows): readonly string[] {
  const wrong: string[] = []
  const count = got.rows.length
  const wanted = expected.count ?? expected.rows?.length
  if (expected.fires === true && count === 0) wrong.push('expected it to fire, got no rows')
  if (expected.fires === false && count > 0) wrong.push(`expected it to stay quiet, got ${rowsWord(count)}`)
  if (wanted !== undefined && wanted !== count) wrong.push(`expected ${rowsWord(wanted)}, got ${count}`)
  if (expected.rows && expected.rows.length === count) wrong.push(...rowDifferences(expected.rows, got))
  if (expected.fields) wrong.push(...missingFields(expected.fields, got))
  return wrong.length > 0 && count > 0 ? [...wrong, ...shownRows(got)] : wrong
}

const rowsWord = (n: number): string => `${n} ${n === 1 ? 'row' : 'rows'}`

function rowDifferences(expected: readonly ExpectedRow[], got: Rows): readonly string[] {
  return expected.flatMap((row, i) => {
    const fields = got.fields.filter((_, at) => !isNothing(got.rows[i]![at]))
    const names = [...new Set([...Object.keys(row), ...fields])]
    return names.flatMap((name) => {
      const wanted = row[name]
      const cell = cellOf(got, i, name)
      if (same(name, wanted, cell)) return []
      return [`row ${i + 1}, ${name}: expected ${shown(wanted)}, got ${shown(cell)}`]
    })
  })
}

const cellOf = ({ fields, rows }: Rows, row: number, name: string): Cell => {
  const cell = rows[row]![fields.indexOf(name)]
  return isNothing(cell) ? null : cell!
}

/** Times may be written as times where the row has seconds. */
function same(name: string, wanted: string | readonly string[] | undefined, cell: Cell): boolean {
  if (wanted === undefined || cell === null) return wanted === undefined && cell === null
  if (typeof wanted !== 'string' || typeof cell !== 'string') return JSON.stringify(listed(wanted)) === JSON.stringify(listed(cell))
  if (wanted === cell) return true
  return name === '_time' && /[TZ]/.test(wanted) && Date.parse(wanted) / 1000 === Number(cell)
}
const listed = (cell: string | readonly string[]): readonly string[] => (typeof cell === 'string' ? [cell] : cell)

function missingFields(names: readonly string[], got: Rows): readonly string[] {
  return names.flatMap((name) => {
    const without = got.rows.findIndex((_, i) => cellOf(got, i, name) === null)
    return without < 0 ? [] : [`row ${without + 1} has no ${name}`]
  })
}

const shown = (cell: Cell | undefined): string => (isNothing(cell) ? 'nothing' : JSON.stringify(cell))

function shownRows(got: Rows): readonly string[] {
  const rows = got.rows.slice(0, MOST_SHOWN).map((_, i) => {
    const cells = got.fields.map((name) => [name, cellOf(got, i, name)] as const).filter(([, cell]) => cell !== null)
    return `got row ${i + 1}: ${cells.map(([name, cell]) => `${name}=${JSON.stringify(cell)}`).join(' ')}`
  })
  return got.rows.length > MOST_SHOWN ? [...rows, `and ${rowsWord(got.rows.length - MOST_SHOWN)} more`] : rows
}
