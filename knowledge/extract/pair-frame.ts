import type { Step } from './definition'
import { type Frame, matchFrame, type Part, type Run } from './frame'
import { cleanKey, keyTail } from './keys'
import type { RawRows } from './raw-rows'
import { onlyGroup } from './read-format'

/** A frame that finds a key and its value: a literal, the key, a literal, …, the value. */
export interface PairFrame {
  readonly frame: Frame
  readonly prefix: Uint8Array
  readonly key: Run
  /** The literal after the key. */
  readonly middle: Uint8Array
  readonly keyGroup: number
  readonly valueGroup: number
  /**
   * Whether matches can be found one by one: none can begin inside another, so a pair is there or not whatever stands before it. Then
   * one key can be sought through a whole block.
   */
  readonly independent: boolean
}

/** The pair frame that a regex step is, if its FORMAT is one dynamic pair and its frame has the shape. */
export function pairFrame(step: Step & { kind: 'regex' }, frame: Frame): PairFrame | undefined {
  const [pair, more] = step.fields
  if (!pair || more) return undefined
  const keyGroup = numberOf(onlyGroup(pair.name), frame)
  const valueGroup = numberOf(onlyGroup(pair.value), frame)
  const [prefix, open, key, close, middle] = frame.parts
  if (keyGroup === undefined || valueGroup === undefined || prefix?.kind !== 'literal' || key?.kind !== 'run' || middle?.kind !== 'literal') return undefined
  if (open?.kind !== 'open' || open.group !== keyGroup || close?.kind !== 'close' || close.group !== keyGroup) return undefined
  const shape = { frame, prefix: prefix.bytes, key, middle: middle.bytes, keyGroup, valueGroup }
  return { ...shape, independent: isIndependent(prefix.bytes, key, frame.parts.slice(1)) }
}

const numberOf = (g: number | string | undefined, frame: Frame) => (typeof g === 'string' ? frame.names.get(g) : g)

function isIndependent(prefix: Uint8Array, key: Run, rest: readonly Part[]): boolean {
  // Walking back from the end of a key must stop at the prefix.
  if (key.set[prefix[prefix.length - 1]!] === 1) return false
  return rest.every((p) => (p.kind === 'run' ? p.set[prefix[0]!] === 0 : p.kind !== 'literal' || !mayHold(p.bytes, prefix)))
}

/** Whether the prefix could begin inside a literal, be it to go on behind it. */
function mayHold(literal: Uint8Array, prefix: Uint8Array): boolean {
  return literal.some((_b, at) => literal.subarray(at, at + prefix.length).every((byte, i) => byte === prefix[i]))
}

/** What takes the values of one field: the place of a value in the bytes. */
export type Take = (row: number, start: number, end: number) => void

/** The rows that a scan is for. */
export interface Wanted {
  readonly raw: RawRows
  readonly rows: Uint32Array
  /** All values of a row instead of the first. */
  readonly all: boolean
  readonly keepsEmpty: boolean
}

/** Every pair of a row from left to right, as the regex finds them. */
export function eachPair(pair: PairFrame, raw: RawRows, row: number, take: (keyStart: number, keyEnd: number, start: number, end: number) => void): void {
  const { data, offsets } = raw
  const end = offsets[row + 1]!
  const { frame, prefix, keyGroup, valueGroup } = pair
  const bounds = boundsOf(frame)
  const first = prefix[0]!
  for (let pos = offsets[row]!; pos < end; ) {
    if (data[pos] !== first) {
      pos++
      continue
    }
    const after = matchFrame(frame, data, pos, end, bounds)
    if (after >= 0) take(bounds[keyGroup * 2]!, bounds[keyGroup * 2 + 1]!, bounds[valueGroup * 2]!, bounds[valueGroup * 2 + 1]!)
    pos = after < 0 ? pos + 1 : after
  }
}

const boundsOf = (frame: Frame) => new Int32Array((frame.groups + 1) * 2)

/** The values of one key through a block; the frame must be independent. */
export function scanKey(pair: PairFrame, name: string, cleans: boolean, wanted: Wanted, take: Take): void {
  const tail = Buffer.from(keyTail(name, cleans))
  const { data } = wanted.raw
  const { frame, prefix, valueGroup } = pair
  const bounds = boundsOf(frame)
  // Only such a key can be the name as it stands; of others more may stand before their tail.
  const whole = !cleans || !name.includes('_')
  seek(Buffer.concat([tail, pair.middle]), wanted, (row, at, end) => {
    const rowStart = wanted.raw.offsets[row]!
    let start = at
    while (start > rowStart && pair.key.set[data[start - 1]!] === 1) start--
    const from = start - prefix.length
    if (from < rowStart) return false
    if (!(whole && start === at) && !isKey(data.toString('utf8', start, at + tail.length), name, cleans)) return false
    if (matchFrame(frame, data, from, end, bounds) < 0) return false
    return put(row, bounds[valueGroup * 2]!, bounds[valueGroup * 2 + 1]!)
  })
  function put(row: number, start: number, end: number): boolean {
    if (start === end && !wanted.keepsEmpty) return false
    take(row, start, end)
    return true
  }
}

const isKey = (key: string, name: string, cleans: boolean) => (cleans ? cleanKey(key) : key) === name

/** The value of a group through a block: of the first match of each row, or of all. */
export function scanGroup(frame: Frame, group: number, wanted: Wanted, take: Take): void {
  const first = frame.parts.find((p) => p.kind !== 'open')
  const bounds = boundsOf(frame)
  const { data } = wanted.raw
  let done = -1
  let past = 0
  seek((first as { bytes: Uint8Array }).bytes, wanted, (row, at, end) => {
    if (row === done && at < past) return false
    const after = matchFrame(frame, data, at, end, bounds)
    if (after < 0) return false
    done = row
    past = after
    const start = bounds[group * 2]!
    if (start < bounds[group * 2 + 1]! || wanted.keepsEmpty) take(row, start, bounds[group * 2 + 1]!)
    // An empty value is still the value of the first match.
    return true
  })
}

/** Whether a frame begins with a literal, which `scanGroup` looks for. */
export const beginsLiterally = (frame: Frame): boolean => frame.parts.find((p) => p.kind !== 'open')?.kind === 'literal'

/** Below this share of the rows each row is looked at by itself: a search through the block would read what nobody wants. */
const SPARSE = 1 / 4

/** Finds a text in the wanted rows; `found` says whether the row is done (unless all values are wanted). */
function seek(needle: Uint8Array, wanted: Wanted, found: (row: number, at: number, end: number) => boolean): void {
  const { rows, raw } = wanted
  if (rows.length === 0) return
  if (rows.length < (raw.offsets.length - 1) * SPARSE) seekRows(needle, wanted, found)
  else seekBlock(needle, wanted, found)
}

function seekRows(needle: Uint8Array, { raw, rows, all }: Wanted, found: (row: number, at: number, end: number) => boolean): void {
  for (const row of rows) {
    const start = raw.offsets[row]!
    const end = raw.offsets[row + 1]!
    const text = raw.data.subarray(start, end)
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) if (found(row, start + at, end) && !all) break
  }
}

function seekBlock(needle: Uint8Array, { raw, rows, all }: Wanted, found: (row: number, at: number, end: number) => boolean): void {
  const { data, offsets } = raw
  const marked = new Uint8Array(offsets.length)
  for (let i = 0; i < rows.length; i++) marked[rows[i]!] = 1
  let row = 0
  for (let at = data.indexOf(needle, offsets[0]); at >= 0; ) {
    while (row < offsets.length - 1 && offsets[row + 1]! <= at) row++
    const end = offsets[row + 1]
    if (end === undefined) return
    const passed = marked[row] === 0 || (at + needle.length <= end && found(row, at, end) && !all)
    at = data.indexOf(needle, passed ? end : at + 1)
  }
}
