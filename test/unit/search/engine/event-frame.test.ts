import { type EventFrame, encodeChunk, encodeEvents, FrameReader } from '../../../../search/engine/event-frame'
import type { IncomingEvent } from '../../../../search/head'

const meta = { index: 'main', host: 'h', source: 's', sourcetype: 't' }
const events: IncomingEvent[] = [
  { ...meta, time: 1.5, raw: 'first é😀' },
  { ...meta, time: undefined, raw: '' },
  { ...meta, time: 0, raw: Buffer.from([255, 0, 10]), fields: { a: 'x', b: ['y', 'z'] } },
  { ...meta, host: 'other', time: -2, raw: 'last' },
]
const plain = (e: IncomingEvent) => ({ ...e, raw: Buffer.from(e.raw as Uint8Array).toString('latin1') })
const shown = (f: EventFrame) =>
  'events' in f ? { id: f.id, events: f.events.map(plain) } : { ...f, chunk: Buffer.from(f.chunk).toString('latin1') }

/** All frames of some bytes that come a piece at a time. */
function read(bytes: Buffer, piece: number): unknown[] {
  const reader = new FrameReader()
  const out: unknown[] = []
  for (let i = 0; i < bytes.length; i += piece) for (const f of reader.feed(bytes.subarray(i, i + piece))) out.push(shown(f))
  return out
}

it.each([1, 2, 3, 5, 64, 100_000])('frames come out as they went in, %d bytes at a time', (piece) => {
  const chunk = Buffer.from('raw\n\xff', 'latin1')
  const bytes = Buffer.concat([
    encodeEvents(7, events),
    encodeChunk(8, 3, chunk),
    encodeEvents(9, []),
    encodeChunk(4_000_000_000, 1, Buffer.alloc(0)),
  ])
  expect(read(bytes, piece)).toEqual([
    { id: 7, events: events.map((e) => plain({ ...e, raw: typeof e.raw === 'string' ? Buffer.from(e.raw) : e.raw })) },
    { id: 8, stream: 3, chunk: 'raw\n\xff' },
    { id: 9, events: [] },
    { id: 4_000_000_000, stream: 1, chunk: '' },
  ])
})

it('says what many events share once', () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ ...meta, source: 'a source with a long name', time: i, raw: 'x' }))
  expect(encodeEvents(1, many).length).toBeLessThan(1000 * 15)
})
