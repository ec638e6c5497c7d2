import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from '../search/head'
import { isDone } from './job-entry'

/**
 * Resolves when a job has changed, but not before so many milliseconds have passed, unless it has ended: then at once.
 * A job that has ended before the call changes no more: nothing is waited for.
 */
export async function nextChange(job: Job, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (isDone(job.status())) return
  await job.changed(signal)
  if (isDone(job.status())) return
  const either = new AbortController()
  const any = AbortSignal.any([signal, either.signal])
  try {
    await Promise.race([sleep(milliseconds, undefined, { signal: any }), job.finished(any)])
  } finally {
    signal.throwIfAborted()
    either.abort() // the loser of the race
  }
}
