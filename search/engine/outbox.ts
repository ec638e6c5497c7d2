import type { JobMessage } from '../jobs/message'

/** Milliseconds that a message may wait for the next one. */
const WAIT = 2
/** What somebody waits for. That it runs was said by who gave it to this thread. */
const AT_ONCE: ReadonlySet<JobMessage['type']> = new Set(['preview', 'paused', 'done', 'failed'])

/** What an execution says, several messages at a time: the way of one to the server costs two processes more than what it says. */
export class Outbox {
  private held: JobMessage[] = []
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly send: (messages: readonly JobMessage[]) => void) {}

  put(m: JobMessage): void {
    this.held.push(m)
    if (AT_ONCE.has(m.type)) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), WAIT)
  }
  private flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const messages = this.held
    this.held = []
    this.send(messages)
  }
}
