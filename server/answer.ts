import { xmlText } from '../output/markup'
import type { Message } from '../output/rows'

/** What an endpoint answers with; server/send.ts writes it. */
export type Answer = DocumentAnswer | StreamAnswer

/** A document that both formats can say. */
export interface DocumentAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  xml(): string
  json(): unknown
}

/** A text that is written as it is made. */
export interface StreamAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly contentType: string
  readonly pieces: AsyncIterable<string> | Iterable<string>
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A `<response>` with these lines inside. */
export const responseElement = (...lines: readonly string[]): string =>
  `${DECLARATION}<response>\n${lines.map((line) => `  ${line}\n`).join('')}</response>\n`

export const messagesElement = (messages: readonly Message[]): string =>
  `<messages>\n${messages.map(({ type, text }) => `    <msg type="${type}">${xmlText(text)}</msg>\n`).join('')}  </messages>`

/** Only words: the envelope of errors and of actions. */
export function said(status: number, messages: readonly Message[], headers: Readonly<Record<string, string>> = {}): DocumentAnswer {
  return { status, headers, xml: () => responseElement(messagesElement(messages)), json: () => ({ messages }) }
}

export const informed = (text: string): DocumentAnswer => said(200, [{ type: 'INFO', text }])

export const nothingYet = (): StreamAnswer => ({ status: 204, contentType: 'text/plain; charset=UTF-8', pieces: [] })

/** An answer of the collector: always JSON. */
export const jsonOnly = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): StreamAnswer => ({
  status,
  headers,
  contentType: 'application/json; charset=UTF-8',
  pieces: [JSON.stringify(body)],
})
