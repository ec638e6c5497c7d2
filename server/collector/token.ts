import type { IncomingHttpHeaders } from 'node:http'
import { authorization, basicPair } from '../credentials'
import { sameText } from '../sessions'
import type { CollectorToken } from '../settings'
import { CollectorProblem } from './problems'

/** The token of this text. All are compared, so that the time tells nothing. */
export function findToken(tokens: readonly CollectorToken[], text: string): CollectorToken | undefined {
  let found: CollectorToken | undefined
  for (const token of tokens) if (sameText(token.token, text)) found = token
  return found
}

/** The token in the header: after `Splunk`, or as the password of Basic. */
function fromHeader(header: string): string {
  const [scheme, value] = authorization(header)
  const text = scheme === 'splunk' ? value : scheme === 'basic' ? basicPair(value)[1] : ''
  if (!text) throw new CollectorProblem(3)
  return text
}

/**
 * The token of a request.
 * @param query  `?token=`, where the token may be given so
 * @throws CollectorProblem 1, 2, 3, 4 or 16
 */
export function readToken(headers: IncomingHttpHeaders, query: string | undefined, tokens: readonly CollectorToken[]): CollectorToken {
  const text = headers.authorization === undefined ? query : fromHeader(headers.authorization)
  if (!text) throw new CollectorProblem(2)
  const token = findToken(tokens, text)
  if (!token) throw new CollectorProblem(4)
  if (token.disabled) throw new CollectorProblem(1)
  if (headers.authorization === undefined && !token.inQuery) throw new CollectorProblem(16)
  return token
}
