import type { Message, Rows } from './rows'

/** One page of a result, whole. */
export interface Page {
  readonly preview: boolean
  /** Number of the first row. */
  readonly offset: number
  readonly messages: readonly Message[]
  readonly table: Rows
  /** Rows that a post-processing search gave, where one was asked for. */
  readonly postProcessCount?: number
  /** Whether fields are objects rather than names where the format leaves the choice. */
  readonly metadata?: boolean
}

/** A result that is written while it is made. Fields may differ from chunk to chunk. */
export interface RowSet {
  readonly preview: boolean
  readonly chunks: AsyncIterable<Rows>
  /** The columns of all chunks; formats that say `columnsFirst` need them. */
  readonly columns?: readonly string[]
}

/**
 * A way to write rows. Texts come in pieces of about one row each, so that the caller can stop between two.
 * The name is the `output_mode` of the API.
 */
export interface OutputFormat {
  readonly name: string
  readonly contentType: string
  readonly summary: string
  readonly source: string
  /** Not offered over HTTP: for the terminal. */
  readonly local?: boolean
  /** Whether `RowSet.columns` must be there, since the head line names them. */
  readonly columnsFirst?: boolean
  /** Whether a reader of a stream can tell the rows of a preview from final ones: else none are sent. */
  readonly marksPreviews?: boolean
  /** What begins a stream, once. */
  readonly prologue?: string
  document(page: Page): Iterable<string>
  /** One set of a streamed result, chunk by chunk. */
  chunks(set: RowSet): AsyncIterable<Iterable<string>>
  /** What was said, in the midst of a stream. */
  said(messages: readonly Message[]): string
}

/** A file's definition of its format. */
export const outputFormat = (definition: OutputFormat): OutputFormat => definition
