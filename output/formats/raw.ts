import { outputFormat } from '../format'
import { type Cell, type Rows, textsOf } from '../rows'

function* lines({ fields, rows }: Rows): Iterable<string> {
  const at = fields.indexOf('_raw')
  for (const row of rows) yield `${at >= 0 ? textsOf(row[at]).join('\n') : valueLine(row)}\n`
}

const valueLine = (row: readonly Cell[]): string => row.flatMap(textsOf).join(' ')

async function* chunkLines(chunks: AsyncIterable<Rows>): AsyncGenerator<Iterable<string>> {
  for await (const chunk of chunks) yield lines(chunk)
}

export default outputFormat({
  name: 'raw',
  contentType: 'text/plain; charset=UTF-8',
  summary: 'The text of each event on a line of its own; rows without one as their values with blanks between.',
  source: 'REST API Reference 9.x, output_mode',
  document: ({ table }) => lines(table),
  chunks: ({ chunks }) => chunkLines(chunks),
  said: () => '', // the format has no place for it
})
