/** A cell of a result: a text, the texts of a multivalue, or nothing. */
export type Cell = string | readonly string[] | null

/** Rows as plain tables: each row holds its cells in the order of `fields`. */
export interface Rows {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What is said beside the rows; Splunk's word for the severity. */
export interface Message {
  readonly type: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  readonly text: string
}

/** The texts of a cell: none, one, or those of the multivalue. */
export const textsOf = (cell: Cell | undefined): readonly string[] =>
  cell === null || cell === undefined ? [] : typeof cell === 'string' ? [cell] : cell

/** Whether a row has nothing in this cell: an empty multivalue is nothing, an empty text is something. */
export const isNothing = (cell: Cell | undefined): cell is null | undefined =>
  cell === null || cell === undefined || (typeof cell !== 'string' && cell.length === 0)
