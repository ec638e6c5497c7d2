import { Busy, UnknownIndex } from '../../search/head'
import { jsonOnly, type StreamAnswer } from '../answer'
import { CODES, type CollectorCode, CollectorProblem } from './problems'

type More = { readonly 'invalid-event-number'?: number; readonly ackId?: number }

export function collectorAnswer(code: CollectorCode, more: More = {}): StreamAnswer {
  const [status, text] = CODES[code]
  return jsonOnly(status, { text, code, ...more }, status === 503 ? { 'Retry-After': '1' } : {})
}

/** @source measured on 10.4: also for GET of a path that takes events, there with 405 */
export const notHere = (status: 404 | 405): StreamAnswer =>
  jsonOnly(status, { text: 'The requested URL was not found on this server.', code: 404 })

/** What an error is to a sender of events. @param unexpected  is told a bug */
export function collectorRefusal(error: unknown, unexpected: (error: unknown) => void): StreamAnswer {
  if (error instanceof CollectorProblem) {
    return collectorAnswer(error.code, error.eventNumber === undefined ? {} : { 'invalid-event-number': error.eventNumber })
  }
  if (error instanceof UnknownIndex) return collectorAnswer(7, { 'invalid-event-number': error.eventNumber + 1 })
  if (error instanceof Busy) return collectorAnswer(9)
  unexpected(error)
  return collectorAnswer(8)
}
