import type { Rows } from '../../search/head'
import type { DocumentAnswer } from '../answer'
import { knownApp } from '../dispatch-search'
import { endpoint } from '../endpoint'
import { HttpProblem } from '../errors'
import { formatOf } from '../formats'
import { messagesOf } from '../job-entry'
import { integer, needed, noted, optional, unsupported } from '../params'

export default endpoint({
  method: 'GET',
  path: 'search/typeahead',
  summary: 'How the last word of a search may go on.',
  source: 'REST API Reference 9.x, search/typeahead; the results in JSON as the SDK for JavaScript reads them',
  params: {
    prefix: needed('Missing prefix.', 'FATAL'),
    count: integer(10, 1),
    max_time: integer(0, 0),
    namespace: optional,
    use_cache: noted('nothing is kept from one call to the next'),
    banned_segments: unsupported(''),
  },
  unknown: 'ignore',
  async handle(call) {
    const { prefix, count, max_time, namespace } = call.args
    const job = await call.head.start({
      search: `| typeahead prefix="${prefix.replace(/["\\]/g, '\\$&')}" count=${count}`,
      owner: call.account!.name,
      app: knownApp(call, namespace || call.app),
      indexesAllowed: call.account!.indexesAllowed,
      indexesDefault: call.account!.indexesDefault,
      timeZone: call.settings.timeZone,
      ttlSeconds: 60,
      maxCount: count,
      maxTimeSeconds: max_time,
      preview: false,
      origin: 'typeahead',
      echo: {},
    })
    try {
      const { state, messages } = await job.finished(call.gone)
      const tooLong = messages.some(({ code }) => code === 'time-limit')
      if (state === 'FAILED' && !tooLong) throw new HttpProblem(400, messagesOf(job.status()))
      return answerOf(tooLong ? { fields: [], rows: [] } : await job.rows({ kind: 'results', offset: 0, count: 0 }))
    } finally {
      // Nobody asked for a job.
      await job.control({ action: 'cancel' })
    }
  },
})

/** `operator` is said of words such as AND, which are never given. */
function answerOf({ fields, rows }: Rows): DocumentAnswer {
  const cells = (name: string) => rows.map((row) => String(row[fields.indexOf(name)]))
  const counts = cells('count')
  const results = cells('content').map((content, i) => ({ content, count: Number(counts[i]), operator: false }))
  const table = { fields: ['content', 'count', 'operator'], rows: results.map((r) => [r.content, String(r.count), '0']) }
  return {
    status: 200,
    xml: () => [...formatOf('xml').document({ preview: false, offset: 0, messages: [], table })].join(''),
    json: () => ({ results }),
  }
}
