import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SearchHead } from '../search/head'
import { served, surfaceApp } from './app'
import { refusedBinding } from './binding'
import { type Certificate, selfMadeCertificate } from './certificate'
import type { Surface } from './dispatch'
import type { Served } from './endpoint'
import type { ServerSettings } from './settings'
import { SearchSockets } from './socket'

export interface ListenSettings extends ServerSettings {
  readonly address: string
  /** 0 is any that is free. */
  readonly ports: { readonly management: number; readonly collector: number; readonly web: number }
  /** Whether management and collector speak https, with a certificate made at start; the web page never does. */
  readonly tls: boolean
}

export interface Listening {
  /** `https://127.0.0.1:8089` and so on. */
  readonly urls: Readonly<Record<Surface, string>>
  readonly ports: Readonly<Record<Surface, number>>
  /** Takes no new calls, lets those in flight end (for 4 s), closes all sockets. The head stays open: it is the caller's. */
  close(): Promise<void>
}

const SURFACES: readonly Surface[] = ['management', 'collector', 'web']
const GRACE_MILLISECONDS = 4_000

const listening = (server: HttpServer, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      resolve()
    })
  })

function serverOf(shared: Served, surface: Surface, certificate: Certificate | undefined): HttpServer {
  const app = surfaceApp(shared, surface)
  const server = certificate && surface !== 'web' ? createHttps({ key: certificate.key, cert: certificate.cert }, app) : createHttp(app)
  // A body of 100 MB over a slow line takes longer than Node's five minutes; heads must still come within one.
  server.requestTimeout = 0
  return server
}

const closed = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })

async function closeAll(servers: readonly HttpServer[], sockets: SearchSockets): Promise<void> {
  const ends = servers.map(closed)
  const lateEnd = setTimeout(() => {
    for (const server of servers) server.closeAllConnections()
  }, GRACE_MILLISECONDS)
  // Keep-alive connections that were busy become idle: nobody else closes them.
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections()
  }, 100)
  await Promise.all([sockets.close(), ...ends])
  clearTimeout(lateEnd)
  clearInterval(sweep)
}

/** Makes what listening needs, while the head is still being started. */
export const prepared = (settings: ListenSettings): Promise<Certificate | undefined> =>
  settings.tls ? selfMadeCertificate(settings.address) : Promise.resolve(undefined)

/**
 * Starts the three listeners.
 * @throws Error when a port is taken, or the address is not only this machine's and the password or token everyone's
 */
export async function listen(head: SearchHead, settings: ListenSettings, made?: Promise<Certificate | undefined>): Promise<Listening> {
  const refusal = refusedBinding(settings)
  if (refusal) throw new Error(refusal)
  const certificate = await (made ?? prepared(settings))
  const shared = served(head, settings)
  const sockets = new SearchSockets(shared)
  const servers = SURFACES.map((surface) => serverOf(shared, surface, certificate))
  for (const [i, server] of servers.entries()) if (SURFACES[i] !== 'collector') sockets.attach(server, SURFACES[i]!)
  try {
    await Promise.all(servers.map((server, i) => listening(server, settings.ports[SURFACES[i]!], settings.address)))
  } catch (error) {
    await closeAll(servers, sockets)
    throw error
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  const host = settings.address.includes(':') ? `[${settings.address}]` : settings.address
  const url = (surface: Surface, i: number) => `${certificate && surface !== 'web' ? 'https' : 'http'}://${host}:${ports[i]}`
  const bySurface = <T>(of: (surface: Surface, i: number) => T) =>
    Object.fromEntries(SURFACES.map((s, i) => [s, of(s, i)])) as Record<Surface, T>
  return { urls: bySurface(url), ports: bySurface((_s, i) => ports[i]!), close: () => closeAll(servers, sockets) }
}
