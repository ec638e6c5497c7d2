import type { IncomingMessage } from 'node:http'
import type { SearchHead } from '../search/head'
import type { Answer } from './answer'
import type { CollectorState } from './collector/state'
import type { Form } from './form'
import { readParams, type Shapes, type Unknown, type Values } from './params'
import type { Sessions } from './sessions'
import type { Account, CollectorToken, ServerSettings } from './settings'

export type Method = 'GET' | 'POST' | 'DELETE'

/** What lives as long as the server. */
export interface Served {
  readonly head: SearchHead
  readonly settings: ServerSettings
  readonly sessions: Sessions
  readonly collector: CollectorState
}

/** A request, read. */
export interface Request extends Served {
  /** The values of the path's placeholders. */
  readonly path: Readonly<Record<string, string>>
  readonly form: Form
  /** What of the form came in the body. */
  readonly posted: Form
  readonly account: Account | undefined
  readonly token: CollectorToken | undefined
  /** The namespace: the account's own and `search` where the path names none. */
  readonly owner: string
  readonly app: string
  /** `json`, `xml` or another output mode. */
  readonly outputMode: string
  /** `https://host:port`. */
  readonly origin: string
  /** Of the listener that the request came to. */
  readonly port: number
  readonly secure: boolean
  readonly incoming: IncomingMessage
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal
}

/** A request as an endpoint's `handle` sees it. */
export interface Call<S extends Shapes> extends Request {
  readonly args: Values<S>
  /** Parameters that the endpoint does not name, where it echoes them. */
  readonly others: Form
}

export interface EndpointDefinition<S extends Shapes> {
  readonly method: Method | readonly Method[]
  /** Below `/services`, with placeholders: `search/jobs/{sid}`. `search/v2/…` is the same as `search/…`. */
  readonly path: string | readonly string[]
  readonly summary: string
  readonly source: string
  readonly params: S
  /** What happens to a parameter that `params` does not name. */
  readonly unknown: Unknown
  /** The HTTP Event Collector has its own listener, tokens and envelope. */
  readonly api?: 'management' | 'collector'
  /** Answers without credentials. */
  readonly anonymous?: boolean
  /** The body is the handler's to read. */
  readonly streams?: boolean
  handle(call: Call<S>): Promise<Answer> | Answer
}

/** An endpoint as the router sees it: the types of its parameters are closed over. */
export interface Endpoint {
  readonly methods: readonly Method[]
  readonly paths: readonly string[]
  readonly summary: string
  readonly source: string
  readonly params: Shapes
  readonly unknown: Unknown
  readonly api: 'management' | 'collector'
  readonly anonymous: boolean
  readonly streams: boolean
  answer(request: Request): Promise<Answer>
}

const listOf = <T>(one: T | readonly T[]): readonly T[] => (Array.isArray(one) ? one : [one as T])

export function endpoint<S extends Shapes>(definition: EndpointDefinition<S>): Endpoint {
  const { params, unknown, summary, source } = definition
  return {
    methods: listOf(definition.method),
    paths: listOf(definition.path),
    summary,
    source,
    params,
    unknown,
    api: definition.api ?? 'management',
    anonymous: definition.anonymous ?? false,
    streams: definition.streams ?? false,
    answer: async (request) => definition.handle({ ...request, ...readParams(params, request.form, unknown) }),
  }
}
