import { appEntry } from '../app-entry'
import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { listed, listParams } from '../listing'
import { originOf } from '../origin'

export default endpoint({
  method: 'GET',
  path: 'apps/local',
  summary: 'The apps that are there.',
  source: 'REST API Reference 9.x, apps/local',
  params: listParams,
  unknown: 'ignore',
  handle(request) {
    const entries = request.settings.apps.map(appEntry)
    return feedAnswer(
      { title: 'localapps', path: '/services/apps/local', ...listed(entries, request.args), messages: [] },
      originOf(request),
    )
  },
})
