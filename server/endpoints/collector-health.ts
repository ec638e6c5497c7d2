import { collectorAnswer } from '../collector/answers'
import { findToken } from '../collector/token'
import { endpoint } from '../endpoint'
import { optional } from '../params'

export default endpoint({
  api: 'collector',
  method: 'GET',
  path: ['collector/health', 'collector/health/1.0'],
  summary: 'Whether events are taken.',
  source: 'HEC reference 9.x, services/collector/health',
  params: { token: optional },
  unknown: 'ignore',
  anonymous: true,
  handle({ args, settings, head }) {
    const token = args.token === undefined ? undefined : findToken(settings.tokens, args.token)
    if (args.token !== undefined && !token) return collectorAnswer(21)
    if (token?.disabled) return collectorAnswer(22)
    return collectorAnswer(head.healthy() ? 17 : 18)
  },
})
