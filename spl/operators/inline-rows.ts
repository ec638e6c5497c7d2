import { type Batch, batchOf, sortedNames } from '../batch/batch'
import { ColumnBuilder } from '../batch/builder'
import { constant } from '../batch/column'
import { madeOrder } from '../batch/order'
import type { RunContext } from '../syntax/behaviour'
import { multivalue, type Value } from '../values/value'

type Row = ReadonlyMap<string, Value>
type Making = Pick<RunContext, 'now' | 'batchRows' | 'dictionary'>

/**
 * Rows that stand in a text. CSV: the first line names the fields; a short line lacks the rest, what is too much is dropped. JSON: an
 * array of objects, each of which is also its row's `_raw`.
 * @returns undefined when the array holds something else than objects; no rows when the text is no JSON
 * @source measured on 10.4
 */
export function inlineRows(format: 'csv' | 'json', text: string, context: Making): Iterable<Batch> | undefined {
  const rows = format === 'csv' ? csvRows(text) : jsonRows(text)
  return rows && batches(rows, context, format === 'json')
}

function* batches(rows: readonly Row[], context: Making, timed: boolean): Generator<Batch> {
  const names = sortedNames(rows.flatMap((r) => [...r.keys()]))
  for (let first = 0; first < rows.length; first += context.batchRows) {
    const part = rows.slice(first, first + context.batchRows)
    const columns = names.map((name) => {
      const builder = new ColumnBuilder(context.dictionary(name))
      for (const row of part) builder.push(row.get(name) ?? null)
      return [name, builder.build()] as const
    })
    const time = timed && !names.includes('_time') ? ([['_time', constant(Math.floor(context.now))]] as const) : []
    yield batchOf(part.length, [...time, ...columns], madeOrder(first, part.length))
  }
}

/** An empty cell is no value. */
function csvRows(text: string): Row[] {
  const [header = [], ...lines] = csvLines(text)
  return lines.map((cells) => new Map(header.flatMap((name, i) => (name !== '' && cells[i] ? [[name, cells[i]] as const] : []))))
}

const CELL = /(?:"((?:[^"]|"")*)"|([^,\n]*?))(,|\r?\n|$)/y

/** Cells of comma-separated text: a quoted cell may hold commas, line ends and doubled quotes. Empty lines are passed over. */
function csvLines(text: string): string[][] {
  const lines: string[][] = []
  let cells: string[] = []
  CELL.lastIndex = 0
  while (CELL.lastIndex <= text.length) {
    const at = CELL.lastIndex
    const m = CELL.exec(text) ?? looseCell(text, at)
    cells.push(m[1] === undefined ? m[2]! : m[1].replace(/""/g, '"'))
    if (m[3] === ',') continue
    if (cells.length > 1 || cells[0] !== '') lines.push(cells)
    cells = []
    if (m[3] === '') break
  }
  return lines
}

/** A cell with a quote in its middle, or text after its closing quote, is taken as it stands. */
function looseCell(text: string, at: number): RegExpExecArray {
  const loose = /()?([^,\n]*?)(,|\r?\n|$)/y
  loose.lastIndex = at
  const m = loose.exec(text)!
  CELL.lastIndex = loose.lastIndex
  return m
}

function jsonRows(text: string): Row[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return []
  }
  if (!Array.isArray(parsed) || parsed.some((o) => typeof o !== 'object' || o === null || Array.isArray(o))) return undefined
  return parsed.map((o: Record<string, unknown>) => {
    const row = new Map<string, Value>([['_raw', JSON.stringify(o)]])
    for (const [name, v] of Object.entries(o)) {
      const value = jsonValue(v)
      if (value !== null) row.set(name, value)
    }
    return row
  })
}

/** Objects stay JSON text; arrays are multivalues. */
function jsonValue(v: unknown): Value {
  if (v === null || v === undefined) return null
  if (Array.isArray(v)) return multivalue(v.filter((x) => x !== null).map((x) => (typeof x === 'string' ? x : JSON.stringify(x))))
  return typeof v === 'string' ? v : JSON.stringify(v)
}
