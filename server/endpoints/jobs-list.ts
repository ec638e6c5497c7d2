import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { jobEntry } from '../job-entry'
import { listed, listParams } from '../listing'
import { originOf } from '../origin'
import { choice, text, texts } from '../params'
import { mayUse } from '../visible-jobs'

export default endpoint({
  method: 'GET',
  path: 'search/jobs',
  summary: 'The jobs, the latest first.',
  source: 'REST API Reference 9.x, search/jobs; measured on 10.4',
  params: { ...listParams, sort_key: text('dispatch_time'), sort_dir: choice(['asc', 'desc'], 'desc'), id: texts },
  unknown: 'ignore',
  handle(call) {
    const { head, args } = call
    const wanted = new Set(args.id)
    const jobs = head.jobs().filter((job) => mayUse(call, job) && (wanted.size === 0 || wanted.has(job.sid)))
    const now = head.now()
    const entries = jobs.map((job) => jobEntry(job.status(), head.serverName, now))
    // The head gives the latest first; `listed` sorts stably by a key that no entry has and turns that for `desc`.
    const page = listed(args.sort_key === 'dispatch_time' ? entries.reverse() : entries, args)
    return feedAnswer({ title: 'jobs', path: '/services/search/jobs', ...page }, originOf(call))
  },
})
