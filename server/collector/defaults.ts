import type { Request } from '../endpoint'
import { optional, seconds, type Values } from '../params'
import type { Defaults } from './event'
import { CollectorProblem } from './problems'

/** Parameters of the endpoints that take events. @source HEC reference 9.x, services/collector */
export const metaParams = {
  index: optional,
  host: optional,
  source: optional,
  sourcetype: optional,
  time: seconds,
  channel: optional,
  token: optional,
}

/** Metadata of the query, else of the token, else as Splunk has it. */
export function defaultsOf({ token, incoming }: Request, args: Values<typeof metaParams>): Defaults {
  if (!token) throw new CollectorProblem(2)
  const meta = {
    index: args.index || token.index,
    host: args.host || token.host || incoming.headers.host || 'localhost',
    source: args.source || token.source || `http:${token.name}`,
    sourcetype: args.sourcetype || token.sourcetype || 'httpevent',
    ...(args.time !== undefined && { time: args.time }),
  }
  return { token, meta }
}

const GUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** The channel of a request whose token acknowledges, the token's own. @throws CollectorProblem 10 or 11 */
export function channelOf({ token, incoming }: Request, args: { readonly channel: string | undefined }): string | undefined {
  const header = incoming.headers['x-splunk-request-channel']
  const channel = (typeof header === 'string' ? header : undefined) ?? args.channel
  if (!token?.acknowledges) return undefined
  if (!channel) throw new CollectorProblem(10)
  if (!GUID.test(channel)) throw new CollectorProblem(11)
  return `${token.name}/${channel.toLowerCase()}`
}
