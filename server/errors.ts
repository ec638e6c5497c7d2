import type { Message } from '../output/rows'
import { Busy, UnknownIndex } from '../search/head'
import { SplProblem } from '../spl/text/problem'

/** An answer that refuses: the status and what the envelope says. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  constructor(
    readonly status: number,
    readonly messages: readonly (Message & { readonly code?: string })[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(messages.map(({ text }) => text).join(' '))
  }
}

export const refused = (status: number, text: string, type: Message['type'] = 'ERROR'): HttpProblem =>
  new HttpProblem(status, [{ type, text }])

/** @source measured on 10.4 (kinds and texts of the envelope) */
export const noCredentials = (): HttpProblem =>
  new HttpProblem(401, [{ type: 'ERROR', text: 'Unauthorized' }], { 'WWW-Authenticate': 'Basic realm="/splunk"' })
export const badSession = (): HttpProblem => refused(401, 'call not properly authenticated', 'WARN')
export const unknownSid = (): HttpProblem => refused(404, 'Unknown sid.', 'FATAL')
export const unknownObject = (name: string): HttpProblem => refused(404, `Could not find object id=${name}`)

/**
 * What an error is to the client. Errors that are no refusals are bugs: their text stays here.
 * @param unexpected  is told such an error
 */
export function toHttpProblem(error: unknown, unexpected: (error: unknown) => void): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof SplProblem) return refused(400, error.message, 'FATAL')
  if (error instanceof Busy)
    return new HttpProblem(503, [{ type: 'ERROR', text: 'The search engine is starting. Try again.' }], { 'Retry-After': '1' })
  if (error instanceof UnknownIndex) return refused(400, `supplied index '${error.index}' missing`)
  if (error instanceof URIError) return refused(400, 'Bad Request')
  unexpected(error)
  return refused(500, 'Internal server error')
}
