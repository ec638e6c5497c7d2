import type { RawData, WebSocket } from 'ws'
import { Busy, type Job } from '../search/head'
import { implied } from '../search/read'
import { SplProblem } from '../spl/text/problem'
import type { Served } from './endpoint'
import { type Following, followJob } from './follow-job'
import { MessageSender } from './message-sender'
import { jobZone } from './results'
import { BadMessage, type ClientMessage, type PlacedMessage, placedMessage, readClientMessage } from './search-messages'
import type { Account } from './settings'
import { mayUse } from './visible-jobs'

interface Followed {
  readonly job: Job
  /** Whether this socket started it: then it ends with the socket. */
  readonly own: boolean
}

const impliedLength = (typed: string): number => implied(typed).length - typed.length

/** One client's WebSocket: the searches that he started or attached to. */
export class SearchSocket {
  private readonly closed = new AbortController()
  private readonly searches = new Map<string, Followed>()
  private readonly sender: MessageSender

  constructor(
    socket: WebSocket,
    private readonly served: Served,
    private readonly account: Account,
  ) {
    this.sender = new MessageSender(socket)
    socket.on('message', (data, isBinary) => void this.receive(data, isBinary))
    socket.once('close', () => this.close())
    socket.on('error', (error) => served.settings.log.debug(`WebSocket: ${error.message}`))
  }

  private close(): void {
    this.closed.abort()
    for (const { job, own } of this.searches.values()) if (own) void job.control({ action: 'cancel' }).catch(this.bug)
    this.searches.clear()
  }

  private readonly bug = (error: unknown): void => {
    this.served.settings.log.error(`WebSocket: ${error instanceof Error ? error.stack : error}`)
  }

  private async receive(data: RawData, isBinary: boolean): Promise<void> {
    let id: string | null = null
    let before = 0
    try {
      if (isBinary) throw new BadMessage('The message is not text.')
      const message = readClientMessage(data.toString())
      id = message.id
      if (message.type === 'search') before = impliedLength(message.search)
      await this.handle(message)
    } catch (error) {
      if (this.closed.signal.aborted) return
      await this.sender.send({ type: 'error', id: error instanceof BadMessage ? error.id : id, messages: [this.said(error, before)] })
    }
  }

  private said(error: unknown, before: number): PlacedMessage {
    if (error instanceof SplProblem) return placedMessage(error.problem, false, before)
    if (error instanceof BadMessage) return { type: 'ERROR', text: error.message }
    if (error instanceof Busy) return { type: 'ERROR', text: 'The search engine is starting. Try again.' }
    this.bug(error)
    return { type: 'ERROR', text: 'Internal server error' }
  }

  private async handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'search':
        return this.search(message)
      case 'attach':
        return this.attach(message)
      case 'cancel':
        return this.cancel(message.id)
    }
  }

  /** Marks an id as taken before anything is waited for. */
  private readonly starting = new Set<string>()

  private free(id: string): void {
    if (this.searches.has(id) || this.starting.has(id)) throw new BadMessage(`The id '${id}' is in use.`, id)
  }

  private async search(message: Extract<ClientMessage, { type: 'search' }>): Promise<void> {
    const { id, preview } = message
    this.free(id)
    this.starting.add(id)
    let job: Job
    try {
      job = await this.start(message)
    } finally {
      this.starting.delete(id)
    }
    if (this.closed.signal.aborted) return job.control({ action: 'cancel' })
    await this.follow(id, { job, own: true }, { offset: 0, previews: preview, implied: impliedLength(message.search) })
  }

  private start({ search, earliest_time, latest_time, preview }: Extract<ClientMessage, { type: 'search' }>): Promise<Job> {
    const { head, settings } = this.served
    const { name, indexesAllowed, indexesDefault } = this.account
    return head.start({
      search: implied(search),
      ...(earliest_time !== undefined && { earliest: earliest_time }),
      ...(latest_time !== undefined && { latest: latest_time }),
      owner: name,
      app: 'search',
      indexesAllowed,
      indexesDefault,
      timeZone: settings.timeZone,
      ttlSeconds: 600,
      maxCount: 500_000,
      maxTimeSeconds: 0,
      preview,
      origin: 'ws',
      echo: {},
    })
  }

  private async attach({ id, sid, offset }: Extract<ClientMessage, { type: 'attach' }>): Promise<void> {
    this.free(id)
    const job = this.served.head.job(sid)
    if (!job || !mayUse({ account: this.account }, job)) throw new BadMessage('Unknown sid.', id)
    await this.follow(id, { job, own: false }, { offset, previews: true, implied: 0 })
  }

  private async follow(id: string, followed: Followed, how: Pick<Following, 'offset' | 'previews' | 'implied'>): Promise<void> {
    this.searches.set(id, followed)
    const { job } = followed
    try {
      await this.sender.send({ type: 'job', id, sid: job.sid })
      await followJob({ id, job, ...how, zone: jobZone(job.status(), this.served), sender: this.sender, signal: this.closed.signal })
    } finally {
      this.searches.delete(id)
    }
  }

  private async cancel(id: string): Promise<void> {
    const followed = this.searches.get(id)
    if (!followed) throw new BadMessage(`No search has the id '${id}'.`, id)
    await followed.job.control({ action: 'cancel' })
  }
}
