import { outputFormat, type Page } from '../format'
import { type Cell, isNothing, type Rows } from '../rows'
import { opening, saidLine } from './json'

/** Names of the fields, or objects where they were asked for. */
export const fieldList = (page: Page): string =>
  JSON.stringify(page.metadata ? page.table.fields.map((name) => ({ name })) : page.table.fields)

const rowList = (fields: readonly string[], row: readonly Cell[]): string =>
  JSON.stringify(fields.map((_, i) => (isNothing(row[i]) ? null : row[i])))

function* document(page: Page): Iterable<string> {
  const { fields, rows } = page.table
  yield `${opening(page)},"fields":${fieldList(page)},"rows":[`
  for (const [i, row] of rows.entries()) yield (i ? ',' : '') + rowList(fields, row)
  yield ']}'
}

async function* chunkLines(chunks: AsyncIterable<Rows>, preview: boolean): AsyncGenerator<Iterable<string>> {
  let offset = 0
  for await (const table of chunks) {
    yield document({ preview, offset, messages: [], table })
    yield ['\n']
    offset += table.rows.length
  }
}

export default outputFormat({
  name: 'json_rows',
  contentType: 'application/json; charset=UTF-8',
  summary: 'One object with the names of the fields and a list of rows; streamed, one such object a chunk.',
  source: 'REST API Reference 9.x, output_mode; what the JavaScript SDK reads',
  marksPreviews: true,
  document,
  chunks: (set) => chunkLines(set.chunks, set.preview),
  said: saidLine,
})
