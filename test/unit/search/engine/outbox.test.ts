import { setTimeout as sleep } from 'node:timers/promises'
import { Outbox } from '../../../../search/engine/outbox'
import type { JobMessage } from '../../../../search/jobs/message'

const progress = (n: number): JobMessage => ({ type: 'progress', scanCount: n, eventCount: n, doneProgress: 0 })

it('sends together what comes at once, in its order, and what somebody waits for without delay', async () => {
  const sent: (readonly JobMessage['type'][])[] = []
  const outbox = new Outbox((messages) => sent.push(messages.map((m) => m.type)))
  outbox.put({ type: 'parsing' })
  outbox.put({ type: 'running' })
  expect(sent).toEqual([])
  outbox.put({ type: 'paused', paused: true })
  expect(sent).toEqual([['parsing', 'running', 'paused']])
  outbox.put(progress(1))
  outbox.put(progress(2))
  expect(sent).toHaveLength(1)
  while (sent.length < 2) await sleep(5)
  outbox.put(progress(3))
  outbox.put({ type: 'done', finalized: false })
  expect(sent.slice(1)).toEqual([
    ['progress', 'progress'],
    ['progress', 'done'],
  ])
  await sleep(20)
  expect(sent).toHaveLength(3)
})
