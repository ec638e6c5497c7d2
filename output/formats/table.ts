import { outputFormat } from '../format'
import { type Cell, type Rows, textsOf } from '../rows'

// What a terminal would take for a command is shown as its code instead: events are not to be trusted.
const CONTROL = /\p{Cc}/gu
const shown = (text: string): string =>
  text.replaceAll('\t', '  ').replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Lines of a cell: a multivalue and a text of several lines take several. */
const linesOf = (cell: Cell | undefined): readonly string[] => textsOf(cell).flatMap((text) => text.split(/\r?\n/).map(shown))

const width = (text: string): number => [...text].length

function* table({ fields, rows }: Rows): Iterable<string> {
  if (fields.length === 0 || rows.length === 0) return
  const cells = rows.map((row) => fields.map((_, i) => linesOf(row[i])))
  const widths = fields.map((name, i) =>
    cells.reduce((most, row) => row[i]!.reduce((m, text) => Math.max(m, width(text)), most), width(name)),
  )
  const line = (texts: readonly string[]) =>
    `${texts
      .map((text, i) => text + ' '.repeat(widths[i]! - width(text)))
      .join('  ')
      .trimEnd()}\n`
  yield line(fields)
  yield line(widths.map((w) => '-'.repeat(w)))
  for (const row of cells) {
    const height = row.reduce((most, lines) => Math.max(most, lines.length), 1)
    for (let n = 0; n < height; n++) yield line(row.map((lines) => lines[n] ?? ''))
  }
}

async function* tables(chunks: AsyncIterable<Rows>): AsyncGenerator<Iterable<string>> {
  for await (const chunk of chunks) yield table(chunk)
}

export default outputFormat({
  name: 'table',
  contentType: 'text/plain; charset=UTF-8',
  summary: 'Columns for the terminal.',
  source: 'Headstand',
  local: true,
  document: (page) => table(page.table),
  chunks: ({ chunks }) => tables(chunks),
  said: () => '', // messages go to the standard error
})
