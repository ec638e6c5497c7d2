import type { FrameSearch } from '../../spl/batch/byte-search'
import type { Step } from './definition'
import { atLineStart, type Frame, matchFrame, type Part, type Run, type Window } from './frame'
import { cleanKey, keyTail } from './keys'
import type { RawRows } from './raw-rows'
import { onlyGroup } from './read-format'
import { SPARSE } from './rows-with'

/** A frame that finds a key and its value: a literal or the start of a line, the key, a literal, …, the value. */
export interface PairFrame {
  readonly frame: Frame
  /** What stands before the key; nothing where it begins a line. */
  readonly prefix: Uint8Array | undefined
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
  if (keyGroup === undefined || valueGroup === undefined || key?.kind !== 'run' || middle?.kind !== 'literal') return undefined
  if (prefix?.kind !== 'literal' && prefix?.kind !== 'line start') return undefined
  if (open?.kind !== 'open' || open.group !== keyGroup || close?.kind !== 'close' || close.group !== keyGroup) return undefined
  const before = prefix.kind === 'literal' ? prefix.bytes : undefined
  const shape = { frame, prefix: before, key, middle: middle.bytes, keyGroup, valueGroup }
  return { ...shape, independent: isIndependent(before ?? LINE_FEED, key, frame.parts.slice(1)) }
}

/** What must stand before the start of a line: it takes no part in the match, so it may not be in it either. */
const LINE_FEED = Uint8Array.of(10)

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
  /** The step that the values are for. */
  readonly step: Step
}

/** What takes the pairs of a row: `bounds` as `matchFrame` leaves them. */
export type TakePair = (row: number, bounds: Int32Array) => void

/** Every pair of the rows, of each row from left to right, as the regex finds them. */
export function eachPair(pair: PairFrame, raw: RawRows, rows: Uint32Array, take: TakePair): void {
  const { data, offsets } = raw
  const window: Window = { data, start: 0, end: 0 }
  const { frame } = pair
  const bounds = boundsOf(frame)
  const next = pair.prefix ? nextByte(pair.prefix[0]!) : nextLine
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    window.start = offsets[row]!
    window.end = offsets[row + 1]!
    for (let pos = next(window, window.start); pos < window.end; ) {
      const after = matchFrame(frame, window, pos, bounds)
      if (after >= 0) take(row, bounds)
      pos = next(window, after <= pos ? pos + 1 : after)
    }
  }
}

/** The next place at which a match may begin; the end when there is none. */
type Next = (window: Window, from: number) => number

// Loops, not indexOf: what stands between two pairs is mostly shorter than such a call is long.
const nextByte =
  (first: number): Next =>
  ({ data, end }, from) => {
    let pos = from
    while (pos < end && data[pos] !== first) pos++
    return pos
  }
const nextLine: Next = (window, from) => {
  const { data, end } = window
  let pos = from
  if (atLineStart(window, pos)) return pos
  while (pos < end && data[pos] !== 10) pos++
  return pos < end ? pos + 1 : end
}

const boundsOf = (frame: Frame) => new Int32Array((frame.groups + 1) * 2)

/** The values of one key through a block; the frame must be independent. */
export function scanKey(pair: PairFrame, name: string, wanted: Wanted, take: Take): void {
  const { step } = wanted
  if (step.cleansKeys && cleanKey(name) !== name) return
  const tail = Buffer.from(keyTail(name, step.cleansKeys))
  const { data } = wanted.raw
  const { frame, prefix, key, valueGroup } = pair
  const before = prefix?.length ?? 0
  const bounds = boundsOf(frame)
  // Only such a key can be the name as it stands; of others more may stand before their tail.
  const whole = !step.cleansKeys || !name.includes('_')
  seek(Buffer.concat([tail, pair.middle]), wanted, (row, at, window) => {
    let start = at
    while (start > window.start && key.set[data[start - 1]!] === 1) start--
    if (start - before < window.start) return false
    if (!(whole && start === at) && !isKey(data.toString('utf8', start, at + tail.length), name, step.cleansKeys)) return false
    if (matchFrame(frame, window, start - before, bounds) < 0) return false
    const from = bounds[valueGroup * 2]!
    const to = bounds[valueGroup * 2 + 1]!
    if (from === to && !step.keepsEmpty) return false
    take(row, from, to)
    return true
  })
}

const isKey = (key: string, name: string, cleans: boolean) => (cleans ? cleanKey(key) : key) === name

/** The value of a group through a block: of the first match of each row, or of all. */
export function scanGroup(frame: Frame, group: number, wanted: Wanted, take: Take): void {
  const needle = literalStart(frame)!
  const bounds = boundsOf(frame)
  let done = -1
  let past = 0
  seek(needle, wanted, (row, at, window) => {
    if (row === done && at < past) return false
    const after = matchFrame(frame, window, at, bounds)
    if (after < 0) return false
    done = row
    past = after
    const start = bounds[group * 2]!
    const end = bounds[group * 2 + 1]!
    if (start < end || wanted.step.keepsEmpty) take(row, start, end)
    // An empty value is still the value of the first match.
    return true
  })
}

/** The literal that a frame begins with, which `scanGroup` looks for. */
export function literalStart(frame: Frame): Uint8Array | undefined {
  const first = frame.parts.find((p) => p.kind !== 'open')
  return first?.kind === 'literal' ? first.bytes : undefined
}

/** What `scanGroup` looks for, to be looked for elsewhere. */
export function groupSearch(frame: Frame, group: number, { keepsEmpty }: Step): FrameSearch {
  return { needle: literalStart(frame)!, parts: frame.parts, group, keepsEmpty }
}

/** What `scanKey` looks for; undefined where the whole key does not stand in the needle. */
export function keySearch(pair: PairFrame, name: string, { cleansKeys, keepsEmpty }: Step): FrameSearch | undefined {
  // A key that is cleaned to a name without underscores is that name behind whatever is no letter.
  if (cleansKeys && (name.includes('_') || cleanKey(name) !== name)) return undefined
  const key = { set: pair.key.set, before: pair.prefix?.length ?? 0, cleans: cleansKeys }
  return { needle: Buffer.concat([Buffer.from(name), pair.middle]), key, parts: pair.frame.parts, group: pair.valueGroup, keepsEmpty }
}

/** Looks at a place where the text was found; says whether the row is done (unless the step adds further values). */
type Look = (row: number, at: number, window: Window) => boolean

/** Finds a text in the wanted rows. */
function seek(needle: Uint8Array, wanted: Wanted, look: Look): void {
  const { rows, raw } = wanted
  if (rows.length === 0) return
  if (rows.length < (raw.offsets.length - 1) * SPARSE) seekRows(needle, wanted, look)
  else seekBlock(needle, wanted, look)
}

function seekRows(needle: Uint8Array, { raw, rows, step }: Wanted, look: Look): void {
  const { data, offsets } = raw
  const window: Window = { data, start: 0, end: 0 }
  for (const row of rows) {
    window.start = offsets[row]!
    window.end = offsets[row + 1]!
    const text = data.subarray(window.start, window.end)
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
      if (look(row, window.start + at, window) && !step.adds) break
  }
}

function seekBlock(needle: Uint8Array, { raw, rows, step }: Wanted, look: Look): void {
  const { data, offsets } = raw
  const window: Window = { data, start: 0, end: 0 }
  const marked = new Uint8Array(offsets.length)
  for (let i = 0; i < rows.length; i++) marked[rows[i]!] = 1
  const last = offsets.length - 1
  let row = 0
  for (let at = data.indexOf(needle, offsets[0]); at >= 0; ) {
    while (row < last && offsets[row + 1]! <= at) row++
    if (row === last) return
    window.start = offsets[row]!
    window.end = offsets[row + 1]!
    const passed = marked[row] === 0 || (at + needle.length <= window.end && look(row, at, window) && !step.adds)
    at = data.indexOf(needle, passed ? window.end : at + 1)
  }
}
