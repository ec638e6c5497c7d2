import { jsonOnly } from '../answer'
import { readBody } from '../body'
import { channelOf } from '../collector/defaults'
import { CollectorProblem } from '../collector/problems'
import { endpoint } from '../endpoint'
import { optional } from '../params'

function idsOf(text: string): readonly number[] {
  try {
    const { acks } = JSON.parse(text)
    if (Array.isArray(acks) && acks.every(Number.isSafeInteger)) return acks
  } catch {
    // said below
  }
  throw new CollectorProblem(6)
}

export default endpoint({
  api: 'collector',
  method: 'POST',
  path: ['collector/ack', 'collector/ack/1.0'],
  summary: 'Whether the events of answered requests are durable.',
  source: 'HEC reference 9.x, services/collector/ack',
  params: { channel: optional, token: optional },
  unknown: 'ignore',
  streams: true,
  async handle(call) {
    if (!call.token?.acknowledges) throw new CollectorProblem(14)
    const channel = channelOf(call, call.args)!
    const ids = idsOf((await readBody(call.incoming, call.settings.formBytes)).toString('utf8'))
    return jsonOnly(200, { acks: call.collector.acknowledgements.asked(channel, ids) })
  },
})
