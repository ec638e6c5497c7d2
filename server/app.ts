import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Express, type NextFunction } from 'express'
import type { SearchHead } from '../search/head'
import { said } from './answer'
import { notHere } from './collector/answers'
import { collectorState } from './collector/state'
import { dispatch, type Serving, type Surface } from './dispatch'
import type { Served } from './endpoint'
import { endpoints } from './endpoints'
import { Router } from './router'
import { STANDING_HEADERS, send } from './send'
import { Sessions } from './sessions'
import type { ServerSettings } from './settings'
import { webPage } from './web-page'

/** What the three surfaces of a server share: a session opened on one holds on the others. */
export function served(head: SearchHead, settings: ServerSettings): Served {
  return { head, settings, sessions: new Sessions(settings.sessionSeconds), collector: collectorState(settings.collector.heldBytes) }
}

type Step = (request: IncomingMessage, response: ServerResponse, next: NextFunction) => void

const standingHeaders: Step = (_request, response, next) => {
  for (const [name, value] of Object.entries(STANDING_HEADERS)) response.setHeader(name, value)
  next()
}

/** One line a request, without its query: passwords, keys and tokens may stand there. */
const accessLog =
  ({ settings }: Served): Step =>
  (request, response, next) => {
    const since = performance.now()
    const path = (request.url ?? '').split('?')[0]
    response.once('close', () =>
      settings.log.debug(`${request.method} ${path} ${response.statusCode} ${Math.round(performance.now() - since)} ms`),
    )
    next()
  }

const api =
  (serving: Serving): Step =>
  (request, response, next) => {
    dispatch(serving, request, response).then((answered) => answered || next(), next)
  }

const page: Step = (request, response, next) => {
  const body = request.method === 'GET' ? webPage((request.url ?? '/').split('?')[0]!) : undefined
  if (body === undefined) return next()
  response.setHeader('Content-Type', 'text/html; charset=UTF-8')
  response.setHeader('Content-Security-Policy', "default-src 'self'; style-src 'unsafe-inline'")
  response.end(body)
}

const notFound =
  (surface: Surface): Step =>
  (_request, response, next) => {
    const answer = surface === 'collector' ? notHere(404) : said(404, [{ type: 'ERROR', text: 'Not Found' }])
    send(response, answer, 'xml').catch(next)
  }

/**
 * An error here is one of writing: the client is gone, or a stream broke after its head was sent. The answer cannot be made good,
 * so the connection is closed: a client must not take half a result for a whole one.
 */
const lastResort =
  ({ settings }: Served) =>
  (error: unknown, request: IncomingMessage, response: ServerResponse, _next: NextFunction): void => {
    if (!response.destroyed)
      settings.log.error(`${request.method} ${(request.url ?? '').split('?')[0]}: ${error instanceof Error ? error.stack : error}`)
    response.destroy()
  }

/** The application of one surface, for a server that shares its sessions with others. */
export function surfaceApp(shared: Served, surface: Surface): Express {
  const all = endpoints()
  const serving = { ...shared, surface, management: new Router(all, 'management'), collectorRouter: new Router(all, 'collector') }
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // The order matters: headers first, so that refusals have them too; the log before what it measures; the API reads the raw URL and
  // body itself, so no parser stands before it; the page only where the API knows nothing; errors last.
  app.use(standingHeaders)
  app.use(accessLog(shared))
  app.use(api(serving))
  if (surface === 'web') app.use(page)
  app.use(notFound(surface))
  app.use(lastResort(shared))
  return app
}

/**
 * The management API with the HTTP Event Collector below `/services/collector`, as an Express application that does not listen.
 * @param settings  from `serverSettings`
 */
export const createApp = (head: SearchHead, settings: ServerSettings): Express => surfaceApp(served(head, settings), 'management')
