import { WebSocket } from 'ws'
import type { ServerMessage } from '../../server/search-messages'

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

/** A client of the WebSocket that keeps what it was told. */
export class SearchClient {
  readonly messages: ServerMessage[] = []
  private waiting: (() => void)[] = []

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(data.toString()))
      this.wake()
    })
    socket.once('close', () => this.wake())
  }
  private wake(): void {
    const all = this.waiting
    this.waiting = []
    for (const wake of all) wake()
  }

  /** @throws Error with the status where the server refuses */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SearchClient> {
    const socket = new WebSocket(url, { headers, rejectUnauthorized: false })
    const client = new SearchClient(socket)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }
  /** The first message of a type for a search, now or later. */
  async next<T extends ServerMessage['type']>(type: T, id: string | null): Promise<Of<T>> {
    for (;;) {
      const found = this.all(type, id)[0]
      if (found) return found
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`closed before a '${type}'`)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }
  all<T extends ServerMessage['type']>(type: T, id: string | null): readonly Of<T>[] {
    return this.messages.filter((message): message is Of<T> => message.type === type && message.id === id)
  }
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.close()
    await closed
  }
}
