import { collectorAnswer } from '../collector/answers'
import { bodyChunks } from '../collector/body'
import { channelOf, defaultsOf, metaParams } from '../collector/defaults'
import { takeEvents } from '../collector/take-events'
import { endpoint } from '../endpoint'

export default endpoint({
  api: 'collector',
  method: 'POST',
  path: ['collector', 'collector/event', 'collector/event/1.0'],
  summary: 'Takes events as JSON objects; answers when they are durable.',
  source: 'HEC reference 9.x, services/collector; measured on 10.4',
  params: metaParams,
  unknown: 'ignore',
  streams: true,
  async handle(call) {
    const defaults = defaultsOf(call, call.args)
    const channel = channelOf(call, call.args)
    const { head, settings, collector } = call
    const limits = settings.collector
    await takeEvents({ head, intake: collector.intake, limits, defaults }, bodyChunks(call.incoming, limits.requestBytes))
    return collectorAnswer(0, channel === undefined ? {} : { ackId: collector.acknowledgements.given(channel) })
  },
})
