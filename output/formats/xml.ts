import { outputFormat, type Page } from '../format'
import { xmlAttribute, xmlText } from '../markup'
import { type Cell, isNothing, type Message, type Rows, textsOf } from '../rows'

const DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"

const messageList = (messages: readonly Message[]): string =>
  `<messages>\n${messages.map(({ type, text }) => `<msg type="${type}">${xmlText(text)}</msg>\n`).join('')}</messages>\n`

function valueElement(field: string, cell: Cell | undefined): string {
  const values = textsOf(cell)
  const name = xmlAttribute(field)
  if (field === '_raw') return `\t\t<field k='_raw'><v xml:space='preserve' trunc='0'>${xmlText(values.join('\n'))}</v></field>\n`
  const texts = values.map((text) => `\t\t\t<value><text>${xmlText(text)}</text></value>\n`).join('')
  return `\t\t<field k='${name}'>\n${texts}\t\t</field>\n`
}

function rowElement(fields: readonly string[], row: readonly Cell[], offset: number): string {
  const values = fields.map((field, i) => (isNothing(row[i]) ? '' : valueElement(field, row[i])))
  return `\t<result offset='${offset}'>\n${values.join('')}\t</result>\n`
}

function* element(page: Omit<Page, 'metadata' | 'postProcessCount'>): Iterable<string> {
  const { fields, rows } = page.table
  const preview = page.preview ? 1 : 0
  if (fields.length === 0 && rows.length === 0 && page.messages.length === 0) return yield `<results preview='${preview}'/>\n`
  const order = fields.map((name) => `<field>${xmlText(name)}</field>\n`).join('')
  yield `<results preview='${preview}'>\n<meta>\n<fieldOrder>\n${order}</fieldOrder>\n</meta>\n`
  if (page.messages.length > 0) yield messageList(page.messages)
  for (const [i, row] of rows.entries()) yield rowElement(fields, row, page.offset + i)
  yield '</results>\n'
}

function* document(page: Page): Iterable<string> {
  yield DECLARATION
  yield* element(page)
}

/** Root elements one after another; the declaration before the first of the whole stream is the caller's prologue. */
async function* elements(chunks: AsyncIterable<Rows>, preview: boolean): AsyncGenerator<Iterable<string>> {
  let offset = 0
  for await (const table of chunks) {
    yield element({ preview, offset, messages: [], table })
    offset += table.rows.length
  }
  if (offset === 0) yield [`<results preview='${preview ? 1 : 0}'/>\n`]
}

export default outputFormat({
  name: 'xml',
  contentType: 'text/xml; charset=UTF-8',
  summary: 'A results element with a result for each row; streamed, several such elements one after another.',
  source: 'REST API Reference 9.x, output_mode; recorded bodies of 6.x to 10.4',
  prologue: DECLARATION,
  marksPreviews: true,
  document,
  chunks: ({ chunks, preview }) => elements(chunks, preview),
  said: (messages) => [...element({ preview: false, offset: 0, messages, table: { fields: [], rows: [] } })].join(''),
})
