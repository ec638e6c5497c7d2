import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { type Answer, said } from './answer'
import { readBody } from './body'
import { collectorRefusal, notHere } from './collector/answers'
import { CollectorProblem } from './collector/problems'
import { readToken } from './collector/token'
import { type Caller, readCaller, setCookie } from './credentials'
import type { Endpoint, Request, Served } from './endpoint'
import { badSession, HttpProblem, refused, toHttpProblem } from './errors'
import { type Form, firstOf, mergedForms, parseForm } from './form'
import { readTarget, type Target } from './raw-url'
import type { Match, Router } from './router'
import { send } from './send'

/** Which of the three listeners a request came to. */
export type Surface = 'management' | 'web' | 'collector'

/** Everything that a request is answered from. */
export interface Serving extends Served {
  readonly surface: Surface
  readonly management: Router
  readonly collectorRouter: Router
}

const EMPTY: Form = new Map()

/** An abort when the client is gone before its answer is complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}

const isSecure = (incoming: IncomingMessage): boolean => (incoming.socket as TLSSocket).encrypted === true

function common(serving: Serving, incoming: IncomingMessage, response: ServerResponse) {
  const secure = isSecure(incoming)
  const port = incoming.socket.localPort ?? 0
  const host = incoming.headers.host ?? `127.0.0.1:${port}`
  return { ...serving, incoming, secure, port, origin: `${secure ? 'https' : 'http'}://${host}`, gone: goneSignal(response) }
}

// --- management

function notFound(segments: readonly string[]): HttpProblem {
  return segments[0] === 'search' && segments.length > 1 ? refused(404, 'Unknown endpoint.', 'FATAL') : refused(404, 'Not Found')
}

/** The endpoint for the method. @throws HttpProblem 404 or 405 */
function chosen(matches: readonly Match[], method: string, segments: readonly string[]): Match {
  if (matches.length === 0) throw notFound(segments)
  const match = matches.find(({ endpoint }) => (endpoint.methods as readonly string[]).includes(method))
  if (match) return match
  const allow = [...new Set(matches.flatMap(({ endpoint }) => endpoint.methods))].join(', ')
  throw new HttpProblem(405, [{ type: 'FATAL', text: 'The method is not allowed.' }], { Allow: allow })
}

/** A page of another site can send forms with the cookie of splunkweb, but no headers of its own. */
function guardCookie(caller: Caller | undefined, { surface }: Serving, { headers, method }: IncomingMessage): void {
  if (surface !== 'web' || !caller?.cookie || method === 'GET') return
  if (!headers['x-requested-with'] && !headers['x-splunk-form-key']) throw badSession()
}

/** Forms come as POST and DELETE bodies whatever their content type says. */
async function postedForm(endpoint: Endpoint, incoming: IncomingMessage, mostBytes: number): Promise<Form> {
  if (endpoint.streams || incoming.method === 'GET') return EMPTY
  return parseForm((await readBody(incoming, mostBytes)).toString('utf8'))
}

async function manage(serving: Serving, target: Target, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { settings, sessions, management } = serving
  const base = common(serving, incoming, response)
  const queryMode = firstOf(target.query, 'output_mode') ?? 'xml'
  let outputMode = queryMode
  let answer: Answer
  try {
    const matches = management.find(target.segments)
    const open = matches.some(({ endpoint }) => endpoint.anonymous)
    const caller = open ? undefined : readCaller(incoming.headers, settings.accounts, sessions)
    guardCookie(caller, serving, incoming)
    if (caller?.cookie) response.setHeader('Set-Cookie', setCookie(caller.cookie, settings.sessionSeconds, base.secure))
    const { endpoint, path } = chosen(matches, incoming.method ?? 'GET', target.segments)
    const posted = await postedForm(endpoint, incoming, settings.formBytes)
    const form = mergedForms(target.query, posted)
    outputMode = firstOf(form, 'output_mode') ?? 'xml'
    const owner = target.owner ?? caller?.account.name ?? 'nobody'
    const request: Request = {
      ...base,
      path,
      form,
      posted,
      account: caller?.account,
      token: undefined,
      owner,
      app: target.app ?? 'search',
      outputMode,
    }
    answer = await endpoint.answer(request)
  } catch (error) {
    if (base.gone.aborted) return // whatever was waited for, nobody does any more
    const problem = toHttpProblem(error, (bug) => settings.log.error(`${incoming.method} ${target.segments.join('/')}: ${stackOf(bug)}`))
    answer = said(problem.status, problem.messages, problem.headers)
  }
  await send(response, answer, outputMode)
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

// --- collector

async function collect(serving: Serving, target: Target, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const base = common(serving, incoming, response)
  const matches = serving.collectorRouter.find(target.segments)
  const match = matches.find(({ endpoint }) => (endpoint.methods as readonly string[]).includes(incoming.method ?? 'GET'))
  let answer: Answer
  try {
    if (!match) answer = notHere(matches.length > 0 ? 405 : 404)
    else {
      const { endpoint, path } = match
      const token = endpoint.anonymous ? undefined : readToken(incoming.headers, firstOf(target.query, 'token'), serving.settings.tokens)
      const request = {
        ...base,
        path,
        form: target.query,
        posted: EMPTY,
        account: undefined,
        token,
        owner: 'nobody',
        app: 'search',
        outputMode: 'json',
      }
      answer = await endpoint.answer(request)
    }
  } catch (error) {
    if (base.gone.aborted) return
    // A parameter that cannot be read is the only refusal that is not the collector's own.
    const known = error instanceof HttpProblem ? new CollectorProblem(6) : error
    answer = collectorRefusal(known, (bug) =>
      serving.settings.log.error(`${incoming.method} ${target.segments.join('/')}: ${stackOf(bug)}`),
    )
  }
  await send(response, answer, 'json')
}

/** What the URL says, or nothing where it cannot be read. */
function targetOf(incoming: IncomingMessage): Target | undefined {
  try {
    return readTarget(incoming.url ?? '/')
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/**
 * Answers a request of the API.
 * @returns false when the path is none of the API's: the caller answers
 */
export async function dispatch(serving: Serving, incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const target = targetOf(incoming)
  if (!target || (target.proxied && serving.surface !== 'web')) return false
  if (serving.surface === 'web' && !target.proxied) return false
  const isCollector = target.segments[0] === 'collector'
  if (serving.surface === 'collector' && !isCollector) return false
  await (isCollector && serving.surface !== 'web' ? collect : manage)(serving, target, incoming, response)
  return true
}
