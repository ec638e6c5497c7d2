import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { unknownObject } from '../errors'
import { originOf } from '../origin'

export default endpoint({
  method: 'DELETE',
  path: 'authentication/httpauth-tokens/{key}',
  summary: 'Ends a session.',
  source: 'REST API Reference 9.x, authentication/httpauth-tokens/{name}',
  params: {},
  unknown: 'ignore',
  handle(request) {
    if (!request.sessions.close(request.path.key!)) throw unknownObject('session')
    return feedAnswer(
      {
        title: 'httpauth-tokens',
        path: '/services/authentication/httpauth-tokens',
        entries: [],
        paging: { total: 0, perPage: 30, offset: 0 },
      },
      originOf(request),
    )
  },
})
