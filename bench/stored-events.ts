import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { IncomingEvent } from '../search/head'
import type { DataSet } from './data-set'

/** Events of a data set, some thousand at a time. The texts are bytes: what a client sent is not decoded only to be encoded again. */
export async function* storedEvents(data: DataSet, batch: number): AsyncGenerator<IncomingEvent[]> {
  const metas = createInterface({ input: createReadStream(data.meta, { highWaterMark: 1 << 20 }) })[Symbol.asyncIterator]()
  let events: IncomingEvent[] = []
  for await (const raw of texts(data)) {
    const [time, host, sourcetype, source] = ((await metas.next()).value as string).split('\t')
    events.push({ index: 'main', time: Number(time), host: host!, sourcetype: sourcetype!, source: source!, raw })
    if (events.length < batch) continue
    yield events
    events = []
  }
  if (events.length > 0) yield events
}

async function* texts({ raw, separator }: DataSet): AsyncGenerator<Buffer> {
  const code = separator.charCodeAt(0)
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(raw, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>) {
    const data = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    let from = 0
    for (let at = data.indexOf(code); at >= 0; at = data.indexOf(code, from)) {
      yield data.subarray(from, at)
      from = at + 1
    }
    held = data.subarray(from)
  }
}
