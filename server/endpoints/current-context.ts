import { feedAnswer, systemAcl } from '../atom'
import { endpoint } from '../endpoint'
import { originOf } from '../origin'

const PATH = '/services/authentication/current-context'

export default endpoint({
  method: 'GET',
  path: ['authentication/current-context', 'authentication/current-context/context'],
  summary: 'The account that asks.',
  source: 'REST API Reference 9.x, authentication/current-context; key types measured on 10.4',
  params: {},
  unknown: 'ignore',
  handle(request) {
    const account = request.account!
    const content = {
      username: account.name,
      realname: '',
      email: '',
      roles: [...account.roles],
      capabilities: ['search'],
      defaultApp: 'search',
      defaultAppIsUserOverride: false,
      defaultAppSourceRole: 'system',
      password: '********',
      restart_background_jobs: null,
      type: 'Splunk',
      tz: request.settings.timeZone,
      lang: '',
    }
    const path = `${PATH}/context`
    const entry = { name: 'context', path, author: 'system', links: { list: path }, acl: systemAcl, content }
    return feedAnswer(
      { title: 'current-context', path: PATH, entries: [entry], paging: { total: 1, perPage: 30, offset: 0 }, messages: [] },
      originOf(request),
    )
  },
})
