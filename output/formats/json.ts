import { outputFormat, type Page } from '../format'
import { type Cell, isNothing, type Message, type Rows } from '../rows'

/** A row as an object; fields without a value are left out. */
export function rowObject(fields: readonly string[], row: readonly Cell[]): string {
  const members: string[] = []
  fields.forEach((field, i) => {
    const cell = row[i]
    if (!isNothing(cell)) members.push(`${JSON.stringify(field)}:${JSON.stringify(cell)}`)
  })
  return `{${members.join(',')}}`
}

/** What stands before the fields in all the JSON documents. */
export function opening(page: Page): string {
  const count = page.postProcessCount === undefined ? '' : `"post_process_count":${page.postProcessCount},`
  return `{"preview":${page.preview},"init_offset":${page.offset},${count}"messages":${JSON.stringify(page.messages)}`
}

/** A line of a stream that only says something. */
export const saidLine = (messages: readonly Message[]): string => `${JSON.stringify({ preview: false, messages })}\n`

function* document(page: Page): Iterable<string> {
  const { fields, rows } = page.table
  yield opening(page)
  if (rows.length === 0) return yield ',"results":[]}' // measured: an empty result names no fields
  yield `,"fields":${JSON.stringify(fields.map((name) => ({ name })))},"results":[`
  for (const [i, row] of rows.entries()) yield (i ? ',' : '') + rowObject(fields, row)
  yield '],"highlighted":{}}'
}

/** Each row waits for the next, since the last of a set is marked. */
async function* lines(chunks: AsyncIterable<Rows>, preview: boolean): AsyncGenerator<Iterable<string>> {
  const held: { row?: string } = {}
  let offset = 0
  const line = (row: string, last: boolean) =>
    `{"preview":${preview},"offset":${offset++},${last ? '"lastrow":true,' : ''}"result":${row}}\n`
  function* written({ fields, rows }: Rows): Iterable<string> {
    for (const row of rows) {
      if (held.row !== undefined) yield line(held.row, false)
      held.row = rowObject(fields, row)
    }
  }
  for await (const chunk of chunks) yield written(chunk)
  yield [held.row === undefined ? `{"preview":${preview},"lastrow":true}\n` : line(held.row, true)]
}

export default outputFormat({
  name: 'json',
  contentType: 'application/json; charset=UTF-8',
  summary: 'One object with a list of results, each an object of its fields; streamed, one object a line.',
  source: 'REST API Reference 9.x, output_mode; bodies of 10.4',
  marksPreviews: true,
  document,
  chunks: (set) => lines(set.chunks, set.preview),
  said: saidLine,
})
