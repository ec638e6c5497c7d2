import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { indexEntry } from '../index-entry'
import { listed, listParams } from '../listing'
import { originOf } from '../origin'
import { choice } from '../params'

export default endpoint({
  method: 'GET',
  path: 'data/indexes',
  summary: 'The indexes.',
  source: 'REST API Reference 9.x, data/indexes',
  params: { ...listParams, datatype: choice(['event', 'metric', 'all'], 'event') },
  unknown: 'ignore',
  async handle(request) {
    const infos = request.args.datatype === 'metric' ? [] : await request.head.indexes()
    const page = listed(infos.map(indexEntry), request.args)
    return feedAnswer({ title: 'indexes', path: '/services/data/indexes', ...page, messages: [] }, originOf(request))
  },
})
