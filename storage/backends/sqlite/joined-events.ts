import type { Coded } from '../../event-batch'
import type { Events } from './block'
import type { Chosen } from './chosen-rows'

/** The events of several blocks as if they were one, block after block; each list is put together when it is asked for. Without texts. */
export function joinedEvents(blocks: readonly Events[]): Events {
  const rows = blocks.reduce((n, b) => n + b.rows, 0)
  const numbers = (of: (b: Events) => Float64Array) => {
    const out = new Float64Array(rows)
    let at = 0
    for (const b of blocks) {
      out.set(of(b), at)
      at += b.rows
    }
    return out
  }
  return lazily<Omit<Events, 'span' | 'indexed'>>({
    rows: () => rows,
    gone: () => undefined,
    plain: () => false,
    times: () => numbers((b) => b.times),
    indexTimes: () => numbers((b) => b.indexTimes),
    serials: () => numbers((b) => b.serials),
    host: () => joinedCodes(blocks, rows, (b) => b.host),
    source: () => joinedCodes(blocks, rows, (b) => b.source),
    sourcetype: () => joinedCodes(blocks, rows, (b) => b.sourcetype),
    zone: () => joinedCodes(blocks, rows, (b) => b.zone),
    segmentation: () => joinedCodes(blocks, rows, (b) => b.segmentation),
    // Those with indexed fields tell that their text is missing.
    fields: () => blocks.map((b) => b.fields)[0],
    offsets: () => blocks[0]!.offsets,
    raw: () => () => blocks[0]!.raw(),
  })
}

/** Each property is made when it is first asked for. */
function lazily<T extends object>(makers: { readonly [K in keyof T]: () => T[K] }): T {
  const out = {} as T
  for (const name of Object.keys(makers) as (keyof T)[]) {
    const get = () => {
      const value = makers[name]()
      Object.defineProperty(out, name, { value })
      return value
    }
    Object.defineProperty(out, name, { configurable: true, enumerable: true, get })
  }
  return out
}

function joinedCodes<T>(blocks: readonly Events[], rows: number, of: (b: Events) => Coded<T>): Coded<T> {
  const numbers = new Map<T, number>()
  const codes = new Uint32Array(rows)
  let at = 0
  for (const b of blocks) {
    const part = of(b)
    const own = part.values.map((v) => numbered(numbers, v))
    if (part.codes) for (let i = 0; i < b.rows; i++) codes[at + i] = own[part.codes[i]!]!
    else codes.fill(own[0]!, at, at + b.rows)
    at += b.rows
  }
  return { values: [...numbers.keys()], codes: numbers.size > 1 ? codes : undefined }
}
function numbered<T>(numbers: Map<T, number>, value: T): number {
  let number = numbers.get(value)
  if (number === undefined) numbers.set(value, (number = numbers.size))
  return number
}

/** The rows that are alive in the blocks, as rows of all of them; undefined: all. */
export function joinedRows(blocks: readonly Chosen[]): Uint32Array | undefined {
  if (blocks.every((b) => b.selection === undefined)) return undefined
  const out = new Uint32Array(blocks.reduce((n, b) => n + (b.selection?.length ?? b.events.rows), 0))
  let at = 0
  let before = 0
  for (const { events, selection } of blocks) {
    if (selection) for (let i = 0; i < selection.length; i++) out[at++] = before + selection[i]!
    else for (let i = 0; i < events.rows; i++) out[at++] = before + i
    before += events.rows
  }
  return out
}
