import type { WebSocket } from 'ws'
import type { ServerMessage } from './search-messages'

/** Bytes that may wait for a slow reader; then whoever sends waits too. */
export const MOST_UNSENT = 2 ** 20
/** Characters of one message of rows, so that a few of them fit. */
export const MOST_MESSAGE = 2 ** 18

/** Sends messages over a socket, one after another; each `send` resolves when the next may follow. */
export class MessageSender {
  private last: Promise<void> = Promise.resolve()

  constructor(private readonly socket: WebSocket) {}

  /** Resolves at once after the socket was closed: whoever follows a search learns of that by his signal. */
  send(message: ServerMessage): Promise<void> {
    this.last = this.last.then(() => this.written(JSON.stringify(message)))
    return this.last
  }

  private written(text: string): Promise<void> {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    return new Promise((resolve) => {
      // Called when the text was handed to the system, or the socket broke.
      socket.send(text, () => resolve())
      if (socket.bufferedAmount + MOST_MESSAGE < MOST_UNSENT) resolve()
    })
  }
}
