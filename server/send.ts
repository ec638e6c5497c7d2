import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Answer, DocumentAnswer } from './answer'

/**
 * Headers of every answer. @source measured on 10.4, recorded on 6.x
 * Node adds `Connection` itself, in every case: without it splunklib loses the body.
 */
export const STANDING_HEADERS: Readonly<Record<string, string>> = {
  Server: 'Splunkd',
  Vary: 'Cookie, Authorization',
  Expires: 'Thu, 26 Oct 1978 00:00:00 GMT',
  'Cache-Control': 'no-store, no-cache, must-revalidate, max-age=0',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
}

/** Documents are JSON for `json` and its kin, else XML. */
export const wantsJson = (outputMode: string): boolean => outputMode.startsWith('json')

/** Writes an answer; a stream as fast as the client reads it. */
export async function send(response: ServerResponse, answer: Answer, outputMode: string): Promise<void> {
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  if ('pieces' in answer) return sendStream(response, answer.contentType, answer.pieces)
  sendDocument(response, answer, wantsJson(outputMode))
}

function sendDocument(response: ServerResponse, answer: DocumentAnswer, json: boolean): void {
  const body = Buffer.from(json ? JSON.stringify(answer.json()) : answer.xml())
  response.setHeader('Content-Type', json ? 'application/json; charset=UTF-8' : 'text/xml; charset=UTF-8')
  response.setHeader('Content-Length', body.length)
  response.end(body)
}

async function sendStream(response: ServerResponse, contentType: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
  if (response.statusCode === 204) return void response.end()
  response.setHeader('Content-Type', contentType)
  if (Array.isArray(pieces)) {
    const body = Buffer.from(pieces.join(''))
    response.setHeader('Content-Length', body.length)
    return void response.end(body)
  }
  for await (const piece of pieces) {
    if (response.destroyed) return
    if (piece && !response.write(piece)) await drained(response)
  }
  response.end()
}

/** Resolves when more may be written, or nobody reads any more. */
export async function drained(response: ServerResponse): Promise<void> {
  const either = new AbortController()
  const wait = (event: string) => once(response, event, { signal: either.signal }).catch(() => undefined)
  await Promise.race([wait('drain'), wait('close')])
  either.abort()
}
