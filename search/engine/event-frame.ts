/** Events as bytes on the pipe to the engine: `[u32 total][u32 id][u32 header length][header JSON][raw texts]`. A raw chunk is a frame with a stream number. */
import type { IncomingEvent } from '../head'

type Meta = Omit<IncomingEvent, 'raw'>
type Header =
  | {
      readonly metas: readonly Meta[]
      readonly of: readonly number[]
      readonly times: readonly (number | null)[]
      readonly lengths: readonly number[]
    }
  | { readonly stream: number }

export type EventFrame = { readonly id: number } & (
  | { readonly events: readonly IncomingEvent[] }
  | { readonly stream: number; readonly chunk: Uint8Array }
)

export function encodeEvents(id: number, events: readonly IncomingEvent[]): Buffer {
  const metas: Meta[] = []
  const known = new Map<string, number>()
  const metaOf: number[] = []
  const raws = events.map((e) => (typeof e.raw === 'string' ? Buffer.from(e.raw, 'utf8') : e.raw))
  for (const { raw: _raw, time: _time, ...rest } of events) {
    const key = JSON.stringify(rest)
    let at = known.get(key)
    if (at === undefined) {
      at = metas.push({ ...rest, time: undefined }) - 1
      known.set(key, at)
    }
    metaOf.push(at)
  }
  return frame(id, { metas, of: metaOf, times: events.map((e) => e.time ?? null), lengths: raws.map((r) => r.length) }, raws)
}

export const encodeChunk = (id: number, stream: number, chunk: Uint8Array): Buffer => frame(id, { stream }, [chunk])

function frame(id: number, header: Header, parts: readonly Uint8Array[]): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const head = Buffer.alloc(12)
  const total = 8 + json.length + parts.reduce((n, p) => n + p.length, 0)
  head.writeUInt32LE(total, 0)
  head.writeUInt32LE(id, 4)
  head.writeUInt32LE(json.length, 8)
  return Buffer.concat([head, json, ...parts])
}

/** Puts frames together from what a pipe gives. */
export class FrameReader {
  private parts: Buffer[] = []
  private size = 0;

  *feed(chunk: Buffer): Generator<EventFrame> {
    this.parts.push(chunk)
    this.size += chunk.length
    while (this.size >= 4) {
      const first = this.parts[0]!
      const head = first.length >= 4 ? first : this.joined()
      const total = head.readUInt32LE(0)
      if (this.size < 4 + total) return
      const all = this.joined()
      const rest = all.subarray(4 + total)
      this.parts = rest.length > 0 ? [rest] : []
      this.size = rest.length
      yield decode(all.subarray(4, 4 + total))
    }
  }
  private joined(): Buffer {
    if (this.parts.length > 1) this.parts = [Buffer.concat(this.parts)]
    return this.parts[0]!
  }
}

function decode(b: Buffer): EventFrame {
  const id = b.readUInt32LE(0)
  const length = b.readUInt32LE(4)
  const header = JSON.parse(b.toString('utf8', 8, 8 + length)) as Header
  let at = 8 + length
  if ('stream' in header) return { id, stream: header.stream, chunk: b.subarray(at) }
  const events = header.lengths.map((n, i): IncomingEvent => {
    const raw = b.subarray(at, at + n)
    at += n
    return { ...header.metas[header.of[i]!]!, time: header.times[i] ?? undefined, raw }
  })
  return { id, events }
}
