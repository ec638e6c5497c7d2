import { outputFormat, type Page } from '../format'
import { isNothing, type Rows } from '../rows'
import { opening, saidLine } from './json'
import { fieldList } from './json_rows'

function* document(page: Page): Iterable<string> {
  const { fields, rows } = page.table
  yield `${opening(page)},"fields":${fieldList(page)},"columns":[`
  for (let i = 0; i < fields.length; i++) {
    yield i ? ',[' : '['
    for (const [r, row] of rows.entries()) yield (r ? ',' : '') + (isNothing(row[i]) ? 'null' : JSON.stringify(row[i]))
    yield ']'
  }
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
  name: 'json_cols',
  contentType: 'application/json; charset=UTF-8',
  summary: 'One object with the names of the fields and a list of columns; streamed, one such object a chunk.',
  source: 'REST API Reference 9.x, output_mode',
  marksPreviews: true,
  document,
  chunks: (set) => chunkLines(set.chunks, set.preview),
  said: saidLine,
})
