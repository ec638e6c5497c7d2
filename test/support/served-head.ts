import type { Express } from 'express'
import request from 'supertest'
import type { IncomingEvent, SearchHead } from '../../search/head'
import { createSearchHead } from '../../search/main'
import { createApp } from '../../server/app'
import { type Listening, listen } from '../../server/listen'
import { lineLog } from '../../server/log'
import { adminAccount, collectorToken, type ServerSettings, serverSettings } from '../../server/settings'

export const PASSWORD = 'a password of tests'
export const TOKEN = '22222222-2222-2222-2222-222222222222'
export const ACK_TOKEN = '33333333-3333-3333-3333-333333333333'

/** The time that "now" is in these tests: 2026-01-02T03:04:05Z. */
export const NOW = 1_767_323_045

export interface TestServer {
  readonly head: SearchHead
  readonly app: Express
  readonly settings: ServerSettings
  /** Lines of the log. */
  readonly lines: readonly string[]
  close(): Promise<void>
}

export function testSettings(lines: string[], more: Partial<ServerSettings> = {}): ServerSettings {
  return serverSettings({
    accounts: [adminAccount(PASSWORD), { ...adminAccount('of ann'), name: 'ann', roles: ['user'] }],
    tokens: [collectorToken(TOKEN, 'tests'), { ...collectorToken(ACK_TOKEN, 'acks'), acknowledges: true, indexes: ['main'] }],
    log: lineLog('debug', (line) => lines.push(line)),
    ...more,
  })
}

/** A server over a head in this process and a store of its own. */
export async function testServer(more: Partial<ServerSettings> = {}): Promise<TestServer> {
  const lines: string[] = []
  const settings = testSettings(lines, more)
  const head = await createSearchHead({ now: NOW })
  return { head, app: createApp(head, settings), settings, lines, close: () => head.close() }
}

/** The same with its listeners on free ports, without TLS unless asked. */
export async function listeningServer(
  tls = false,
  more: Partial<ServerSettings> = {},
): Promise<TestServer & { readonly listening: Listening }> {
  const server = await testServer(more)
  const ports = { management: 0, collector: 0, web: 0 }
  const listening = await listen(server.head, { ...server.settings, address: '127.0.0.1', ports, tls })
  const close = async () => {
    await listening.close()
    await server.close()
  }
  return { ...server, listening, close }
}

type Fields = NonNullable<IncomingEvent['fields']>

/** Events of these texts in index main, one a second up to NOW, each with its own indexed fields. */
export async function addEvents(head: SearchHead, texts: readonly string[], fieldsOf: (i: number) => Fields = () => ({})): Promise<void> {
  const event = (raw: string, i: number): IncomingEvent => {
    const time = NOW - texts.length + i
    return { index: 'main', time, host: 'web', source: '/var/log/lines', sourcetype: 'lines', raw, fields: fieldsOf(i) }
  }
  await head.ingest(texts.map(event))
}

/** Requests as the admin. */
export const asAdmin = (app: Express) => ({
  get: (url: string) => request(app).get(url).auth('admin', PASSWORD),
  post: (url: string, form: Readonly<Record<string, string | readonly string[]>> = {}) =>
    request(app).post(url).auth('admin', PASSWORD).type('form').send(form),
  delete: (url: string) => request(app).delete(url).auth('admin', PASSWORD),
})
