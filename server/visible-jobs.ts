import type { Job } from '../search/head'
import type { Call } from './endpoint'
import { unknownSid } from './errors'
import type { Shapes } from './params'

type Asks = Pick<Call<Shapes>, 'head' | 'account'>

/** An admin sees all jobs, others their own. */
export const mayUse = ({ account }: Pick<Asks, 'account'>, job: Job): boolean =>
  account !== undefined && (account.roles.includes('admin') || job.status().request.owner === account.name)

/** The job of a path. @throws HttpProblem 404 also for another's job */
export function jobOf(call: Asks & Pick<Call<Shapes>, 'path'>): Job {
  const job = call.head.job(call.path.sid!)
  if (!job || !mayUse(call, job)) throw unknownSid()
  return job
}
