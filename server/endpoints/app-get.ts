import { appEntry } from '../app-entry'
import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { unknownObject } from '../errors'
import { originOf } from '../origin'

export default endpoint({
  method: 'GET',
  path: 'apps/local/{name}',
  summary: 'One app.',
  source: 'REST API Reference 9.x, apps/local/{name}',
  params: {},
  unknown: 'ignore',
  handle(request) {
    const app = request.settings.apps.find(({ name }) => name === request.path.name)
    if (!app) throw unknownObject(request.path.name!)
    const paging = { total: 1, perPage: 30, offset: 0 }
    return feedAnswer(
      { title: 'localapps', path: '/services/apps/local', entries: [appEntry(app)], paging, messages: [], fields: true },
      originOf(request),
    )
  },
})
