import type { SearchHead, SearchRequest } from '../search/head'

export const requestOf = (search: string): SearchRequest => ({
  search,
  owner: 'admin',
  app: 'search',
  indexesAllowed: ['*'],
  indexesDefault: ['main'],
  ttlSeconds: 60,
  maxCount: 0,
  maxTimeSeconds: 0,
  preview: false,
  origin: 'bench',
  echo: {},
})

export interface Answer {
  readonly events: number
  readonly rows: readonly (readonly unknown[])[]
  /** From the call to the last row in hand. */
  readonly milliseconds: number
}

/** Runs a search to its end and reads its rows. @throws Error when it fails */
export async function answerOf(head: SearchHead, search: string): Promise<Answer> {
  const began = performance.now()
  const job = await head.start(requestOf(search))
  const status = await job.finished()
  if (status.state !== 'DONE') throw new Error(`${search}: ${status.messages.map((m) => m.message).join(' ')}`)
  const { rows } = await job.rows({ kind: 'results', offset: 0, count: 0 })
  const milliseconds = performance.now() - began
  await job.control({ action: 'cancel' })
  return { events: status.eventCount, rows, milliseconds }
}
