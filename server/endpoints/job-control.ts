import type { JobAction } from '../../search/head'
import { notSupported } from '../../spl/text/problems'
import { informed } from '../answer'
import { endpoint } from '../endpoint'
import { refused } from '../errors'
import { integer, needed } from '../params'
import { jobOf } from '../visible-jobs'

/** @source measured on 10.4 */
const SAID: Readonly<Record<Exclude<JobAction['action'], 'setttl'>, string>> = {
  cancel: 'Search job cancelled.',
  pause: 'Search job paused.',
  unpause: 'Search job continued.',
  finalize: 'Search job finalized.',
  touch: 'Search job touched.',
  enablepreview: 'Search job results preview enabled.',
  disablepreview: 'Search job results preview disabled.',
  save: 'The ttl of the search job was changed to 604800.',
  unsave: 'The ttl of the search job was changed to 600.',
}
const isPlain = (action: string): action is keyof typeof SAID => Object.hasOwn(SAID, action)

export default endpoint({
  method: 'POST',
  path: 'search/jobs/{sid}/control',
  summary: 'Cancels, pauses, finalizes, touches … a job.',
  source: 'REST API Reference 9.x, search/jobs/{search_id}/control',
  params: { action: needed(), ttl: integer(600, 0) },
  unknown: 'ignore',
  async handle(call) {
    const job = jobOf(call)
    const { action, ttl } = call.args
    if (isPlain(action)) {
      await job.control({ action })
      return informed(SAID[action])
    }
    if (action === 'setttl') {
      await job.control({ action, ttlSeconds: ttl })
      return informed(`The ttl of the search job was changed to ${ttl}.`)
    }
    if (action === 'setpriority') throw notSupported('priorities of searches')
    throw refused(400, `Unknown action '${action}'.`, 'FATAL')
  },
})
