import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { endpoints } from '../endpoints'
import { originOf } from '../origin'

/** The first segments of all the paths that are served. */
const roots = (): readonly string[] =>
  [...new Set(endpoints().flatMap(({ paths }) => paths.map((path) => path.split('/')[0]!)))].filter(Boolean).sort()

export default endpoint({
  method: 'GET',
  path: '',
  summary: 'The parts of the API.',
  source: 'recorded bodies of 6.x; the Python SDK asks it for signs of life',
  params: {},
  unknown: 'ignore',
  handle(request) {
    const entries = roots().map((name) => ({ name, path: `/services/${name}`, author: 'system', links: {}, acl: {}, content: {} }))
    return feedAnswer({ title: 'services', path: '/services', entries }, originOf(request))
  },
})
