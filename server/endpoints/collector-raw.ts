import { collectorAnswer } from '../collector/answers'
import { bodyChunks } from '../collector/body'
import { channelOf, defaultsOf, metaParams } from '../collector/defaults'
import { mayWrite } from '../collector/event'
import { CollectorProblem } from '../collector/problems'
import { takeRaw } from '../collector/take-raw'
import { endpoint } from '../endpoint'

export default endpoint({
  api: 'collector',
  method: 'POST',
  path: ['collector/raw', 'collector/raw/1.0'],
  summary: "Takes raw bytes, broken into events as the sourcetype's props say; answers when they are durable.",
  source: 'HEC reference 9.x, services/collector/raw; measured on 10.4',
  params: metaParams,
  unknown: 'ignore',
  streams: true,
  async handle(call) {
    const { token, meta } = defaultsOf(call, call.args)
    const channel = channelOf(call, call.args)
    if (!mayWrite(token, meta.index)) throw new CollectorProblem(7, 1)
    const { head, settings, collector } = call
    await takeRaw({ head, intake: collector.intake }, meta, bodyChunks(call.incoming, settings.collector.requestBytes))
    return collectorAnswer(0, channel === undefined ? {} : { ackId: collector.acknowledgements.given(channel) })
  },
})
