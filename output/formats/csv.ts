import { outputFormat, type Page } from '../format'
import { type Cell, type Rows, textsOf } from '../rows'

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** Quoted where a reader would cut it or strip it. The texts of a multivalue stand on lines of their own. */
function field(cell: Cell | undefined): string {
  const text = textsOf(cell).join('\n')
  return /[",\r\n]|^\s|\s$/.test(text) ? quoted(text) : text
}

/** Recorded from splunkd: a name that begins with an underscore is quoted in the head line. */
const headLine = (fields: readonly string[]): string =>
  `${fields.map((name) => (name.startsWith('_') ? quoted(name) : field(name))).join(',')}\n`

const rowLine = (fields: readonly string[], row: readonly Cell[]): string => `${fields.map((_, i) => field(row[i])).join(',')}\n`

function* document({ table }: Page): Iterable<string> {
  if (table.rows.length === 0) return
  yield headLine(table.fields)
  for (const row of table.rows) yield rowLine(table.fields, row)
}

async function* lines(chunks: AsyncIterable<Rows>, columns: readonly string[]): AsyncGenerator<Iterable<string>> {
  let first = true
  for await (const { fields, rows } of chunks) {
    if (rows.length === 0) continue
    if (first) yield [headLine(columns)]
    first = false
    const places = columns.map((name) => fields.indexOf(name))
    yield mapped(rows, (row) =>
      rowLine(
        columns,
        places.map((at) => row[at] ?? null),
      ),
    )
  }
}

function* mapped<A, B>(items: Iterable<A>, change: (item: A) => B): Iterable<B> {
  for (const item of items) yield change(item)
}

export default outputFormat({
  name: 'csv',
  contentType: 'text/csv; charset=UTF-8',
  summary: 'A head line and a line for each row; an empty result is an empty text.',
  source: 'REST API Reference 9.x, output_mode; recorded bodies of 6.x',
  columnsFirst: true,
  document,
  chunks: ({ chunks, columns }) => lines(chunks, columns ?? []),
  said: () => '', // the format has no place for it
})
