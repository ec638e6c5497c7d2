import { outputFormat } from '../format'
import type { Rows } from '../rows'
import { rowObject } from './json'

function* lines({ fields, rows }: Rows): Iterable<string> {
  for (const row of rows) yield `${rowObject(fields, row)}\n`
}

async function* chunkLines(chunks: AsyncIterable<Rows>): AsyncGenerator<Iterable<string>> {
  for await (const chunk of chunks) yield lines(chunk)
}

export default outputFormat({
  name: 'ndjson',
  contentType: 'application/x-ndjson; charset=UTF-8',
  summary: 'Each row as an object on a line of its own.',
  source: 'Headstand',
  local: true,
  document: ({ table }) => lines(table),
  chunks: ({ chunks }) => chunkLines(chunks),
  said: () => '', // messages go to the standard error
})
