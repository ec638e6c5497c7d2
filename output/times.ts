import { strftime } from '../spl/values/time/strftime'
import type { Zone } from '../spl/values/time/zone'
import type { Cell, Rows } from './rows'

/** How `_time` is written in results, and in what `export` streams. */
export const RESULT_TIME = '%Y-%m-%dT%H:%M:%S.%3N%:z'
export const EXPORT_TIME = '%Y-%m-%d %H:%M:%S.%3N %Z'

const EPOCH = /^-?\d+(\.\d+)?$/

/**
 * Writes the epoch numbers of `_time` as times; what is no number stays as it is.
 * @source measured: results have `2026-10-08T13:49:18.000+00:00`, export `2026-10-08 13:49:18.000 UTC`; `output_time_format` changes both
 */
export function withTimes(table: Rows, format: string, zone: Zone): Rows {
  const at = table.fields.indexOf('_time')
  if (at < 0) return table
  const rows = table.rows.map((row) => row.map((cell, i) => (i === at ? written(cell, format, zone) : cell)))
  return { fields: table.fields, rows }
}

function written(cell: Cell, format: string, zone: Zone): Cell {
  if (cell === null) return null
  if (typeof cell !== 'string') return cell.map((text) => timeText(text, format, zone))
  return timeText(cell, format, zone)
}

const timeText = (text: string, format: string, zone: Zone): string => (EPOCH.test(text) ? strftime(Number(text), format, zone) : text)
