import type { IncomingMessage, Server } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { readCaller } from './credentials'
import type { Surface } from './dispatch'
import type { Served } from './endpoint'
import { badSession, HttpProblem, noCredentials, refused } from './errors'
import { firstOf } from './form'
import { readTarget } from './raw-url'
import { SearchSocket } from './search-socket'
import type { Account } from './settings'

const PATH = 'search/ws'
const MOST_BYTES = 2 ** 20
const PING_MILLISECONDS = 30_000
const CLOSE_MILLISECONDS = 1_000

/** Answers an upgrade that is refused, by hand: there is no response object. */
function refuse(socket: Duplex, { status, headers }: HttpProblem): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`)
}

/** Whether a browser's page that opened the socket came from here: the cookie alone would let any page in. */
function sameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true
  try {
    return new URL(headers.origin).host === headers.host
  } catch {
    return false
  }
}

/** The WebSocket of searches, on servers of its own choosing. */
export class SearchSockets {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, clientTracking: true })
  private readonly alive = new WeakSet<WebSocket>()
  private readonly pings: NodeJS.Timeout

  constructor(private readonly served: Served) {
    this.pings = setInterval(() => this.ping(), PING_MILLISECONDS)
    this.pings.unref()
  }

  attach(server: Server, surface: Surface): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      try {
        const account = this.accountOf(request, surface)
        this.server.handleUpgrade(request, socket, head, (webSocket) => this.opened(webSocket, account))
      } catch (error) {
        refuse(socket, error instanceof HttpProblem ? error : refused(400, 'Bad Request'))
      }
    })
  }

  private accountOf(request: IncomingMessage, surface: Surface): Account {
    const target = readTarget(request.url ?? '/')
    if (target?.segments.join('/') !== PATH || (target.proxied && surface !== 'web')) throw refused(404, 'Not Found')
    const { settings, sessions } = this.served
    const token = firstOf(target.query, 'token')
    if (token !== undefined && request.headers.authorization === undefined) {
      const account = sessions.use(token)
      if (!account) throw badSession()
      return account
    }
    const caller = readCaller(request.headers, settings.accounts, sessions)
    if (caller.cookie && !sameOrigin(request)) throw noCredentials()
    return caller.account
  }

  private opened(webSocket: WebSocket, account: Account): void {
    this.alive.add(webSocket)
    webSocket.on('pong', () => this.alive.add(webSocket))
    new SearchSocket(webSocket, this.served, account)
  }

  /** A client that answered no ping since the last is gone. */
  private ping(): void {
    for (const webSocket of this.server.clients) {
      if (this.alive.delete(webSocket)) webSocket.ping()
      else webSocket.terminate()
    }
  }

  /** Closes all sockets; those that do not answer are cut. */
  async close(): Promise<void> {
    clearInterval(this.pings)
    const clients = [...this.server.clients]
    const ends = clients.map((client) => new Promise<void>((resolve) => client.once('close', () => resolve())))
    for (const client of clients) client.close(1001, 'server is shutting down')
    const cut = setTimeout(() => {
      for (const client of clients) client.terminate()
    }, CLOSE_MILLISECONDS)
    await Promise.all(ends)
    clearTimeout(cut)
    this.server.close()
  }
}
