import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { unknownObject } from '../errors'
import { indexEntry } from '../index-entry'
import { originOf } from '../origin'

export default endpoint({
  method: 'GET',
  path: 'data/indexes/{name}',
  summary: 'One index.',
  source: 'REST API Reference 9.x, data/indexes/{name}',
  params: {},
  unknown: 'ignore',
  async handle(request) {
    const info = (await request.head.indexes()).find(({ name }) => name === request.path.name)
    if (!info) throw unknownObject(request.path.name!)
    const paging = { total: 1, perPage: 30, offset: 0 }
    return feedAnswer(
      { title: 'indexes', path: '/services/data/indexes', entries: [indexEntry(info)], paging, messages: [], fields: true },
      originOf(request),
    )
  },
})
