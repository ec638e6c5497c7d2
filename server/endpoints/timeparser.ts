import { xmlAttribute, xmlText } from '../../output/markup'
import { RESULT_TIME } from '../../output/times'
import { BadTime } from '../../spl/values/time/bad-time'
import { resolveTime } from '../../spl/values/time/modifiers'
import { strftime } from '../../spl/values/time/strftime'
import { responseElement } from '../answer'
import { endpoint } from '../endpoint'
import { refused } from '../errors'
import { optional, text, texts } from '../params'
import { zoneOf } from '../results'

function resolved(value: string, now: number, zoneName: string): number {
  try {
    return resolveTime(value, now, zoneOf(zoneName), 'parameter')
  } catch (error) {
    if (error instanceof BadTime) throw refused(400, 'Invalid time.', 'FATAL')
    throw error
  }
}

export default endpoint({
  method: ['GET', 'POST'],
  path: 'search/timeparser',
  summary: 'Resolves time modifiers.',
  source: 'REST API Reference 9.x, search/timeparser; captured from 10.6',
  params: { time: texts, now: optional, output_time_format: text(RESULT_TIME) },
  unknown: 'ignore',
  handle({ args, head, settings }) {
    if (args.time.length === 0) throw refused(400, 'Invalid time.', 'FATAL')
    const now = args.now === undefined ? head.now() : resolved(args.now, head.now(), settings.timeZone)
    const zone = zoneOf(settings.timeZone)
    const times = args.time.map(
      (value) => [value, strftime(resolved(value, now, settings.timeZone), args.output_time_format, zone)] as const,
    )
    return {
      status: 200,
      xml: () =>
        responseElement(`<dict>${times.map(([name, time]) => `<key name="${xmlAttribute(name)}">${xmlText(time)}</key>`).join('')}</dict>`),
      json: () => Object.fromEntries(times),
    }
  },
})
