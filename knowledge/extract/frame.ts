import type { BytePart } from '../../spl/batch/byte-search'
import { parse } from '../../spl/regex/parse'
import type { CodeSet } from '../../spl/regex/set'
import type { Node, Repeat } from '../../spl/regex/tree'

/**
 * A regex that needs no backtracking: literals and runs of character classes, one after another, each run ended by what cannot be part
 * of it. Such a pattern is matched on the bytes of the events, without making strings of them.
 */
export interface Frame {
  readonly parts: readonly Part[]
  readonly groups: number
  /** Numbers of the named groups. */
  readonly names: ReadonlyMap<string, number>
}
export type Part = BytePart
export type Run = Extract<Part, { kind: 'run' }>

/** No text is so long; a small integer, so that the loops stay with such. */
const UNBOUNDED = 0x3fffffff
const FIRST_WIDE = 0x80
const LAST_WIDE = 0x10ffff

/** The frame that a pattern is, or undefined where it is none: it then runs as a regex, with the same meaning. */
export function frameOf(pattern: string, lines: boolean): Frame | undefined {
  const tree = parse(pattern, { m: lines, s: lines })
  const parts: Part[] = []
  if (!flatten(tree.root, parts) || [...tree.names.values()].some((n) => n.length !== 1)) return undefined
  const joined = joinLiterals(parts)
  if (!joined.every((_p, i) => isForced(joined, i))) return undefined
  return { parts: joined, groups: tree.groups, names: new Map([...tree.names].map(([name, [n]]) => [name, n!])) }
}

function flatten(node: Node, into: Part[]): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.every((n) => flatten(n, into))
    case 'group':
      into.push({ kind: 'open', group: node.number })
      if (!flatten(node.body, into)) return false
      into.push({ kind: 'close', group: node.number })
      return true
    case 'atomic':
      return flatten(node.body, into)
    case 'character':
      // Letters without case are left to the regex: some have partners past ASCII.
      if (node.caseless && /[A-Za-z]|[^\0-\x7f]/.test(String.fromCodePoint(node.code))) return false
      into.push({ kind: 'literal', bytes: Buffer.from(String.fromCodePoint(node.code)) })
      return true
    case 'place':
      // In front only: there it says where to look. In the middle it could make a run give back.
      if (node.place !== 'line start' || into.length > 0) return false
      into.push({ kind: 'line start' })
      return true
    case 'set':
      return pushRun(into, node.set, { least: 1, most: 1, greed: 'greedy' })
    case 'repeat':
      return flattenRepeat(node, into)
    default:
      return false
  }
}

function flattenRepeat(node: Repeat, into: Part[]): boolean {
  const { body } = node
  if (body.kind === 'set') return pushRun(into, body.set, node)
  if (body.kind === 'character' && !body.caseless) return pushRun(into, [body.code, body.code], node)
  return false
}

function pushRun(into: Part[], codes: CodeSet, how: Pick<Repeat, 'least' | 'most' | 'greed'>): boolean {
  const set = byteSet(codes)
  if (!set) return false
  // A character may be several bytes, so only ASCII can be counted.
  if (set[FIRST_WIDE] === 1 && !(how.least <= 1 && how.most >= UNBOUNDED)) return false
  into.push({
    kind: 'run',
    set,
    least: how.least,
    most: Math.min(how.most, UNBOUNDED),
    possessive: how.greed === 'possessive',
    lazy: how.greed === 'lazy',
  })
  return true
}

/** Undefined where some characters past ASCII belong to the set and others do not. */
function byteSet(codes: CodeSet): Uint8Array | undefined {
  const set = new Uint8Array(256)
  let wide = 0
  for (let i = 0; i < codes.length; i += 2) {
    const first = codes[i]!
    const last = codes[i + 1]!
    for (let c = first; c <= Math.min(last, FIRST_WIDE - 1); c++) set[c] = 1
    wide += Math.max(0, last - Math.max(first, FIRST_WIDE) + 1)
  }
  if (wide !== 0 && wide !== LAST_WIDE - FIRST_WIDE + 1) return undefined
  if (wide !== 0) set.fill(1, FIRST_WIDE)
  return set
}

function joinLiterals(parts: readonly Part[]): readonly Part[] {
  const out: Part[] = []
  for (const p of parts) {
    const last = out.at(-1)
    if (p.kind === 'literal' && last?.kind === 'literal')
      out[out.length - 1] = { kind: 'literal', bytes: Buffer.concat([last.bytes, p.bytes]) }
    else out.push(p)
  }
  return out
}

/** Whether a run can end in one place only, so that giving back or taking more would never help. */
function isForced(parts: readonly Part[], at: number): boolean {
  const run = parts[at]!
  if (run.kind !== 'run' || run.least === run.most || run.possessive) return true
  for (let i = at + 1; i < parts.length; i++) {
    const next = parts[i]!
    if (next.kind === 'literal') return run.set[next.bytes[0]!] === 0
    if (next.kind !== 'run') continue
    if (next.set.some((inside, byte) => inside === 1 && run.set[byte] === 1)) return !run.lazy && parts.slice(i).every(cannotFail)
    if (next.least > 0) return true
  }
  // The end of the pattern: a greedy run takes all, a lazy one the least, which is not what the matcher does.
  return !run.lazy
}
const cannotFail = (p: Part) => p.kind !== 'literal' && p.kind !== 'line start' && (p.kind !== 'run' || p.least === 0)

/** The text that a frame is matched in. */
export interface Window {
  readonly data: Uint8Array
  start: number
  end: number
}
const LINE_FEED = 10

export const atLineStart = ({ data, start }: Window, at: number): boolean => at === start || data[at - 1] === LINE_FEED

/**
 * Matches at a place. @param bounds gets first and one past the last byte of group n at 2n and 2n + 1
 * @returns one past the last byte of the match, or −1
 */
export function matchFrame(frame: Frame, window: Window, at: number, bounds: Int32Array): number {
  let pos = at
  for (const part of frame.parts) {
    if (part.kind === 'open') bounds[part.group * 2] = pos
    else if (part.kind === 'close') bounds[part.group * 2 + 1] = pos
    else if ((pos = partEnd(part, window, pos)) < 0) return -1
  }
  return pos
}

function partEnd(part: Exclude<Part, { kind: 'open' } | { kind: 'close' }>, window: Window, pos: number): number {
  if (part.kind === 'run') return runEnd(part, window.data, pos, window.end)
  if (part.kind === 'literal') return standsAt(part.bytes, window.data, pos, window.end) ? pos + part.bytes.length : -1
  return atLineStart(window, pos) ? pos : -1
}

function standsAt(bytes: Uint8Array, data: Uint8Array, pos: number, end: number): boolean {
  if (pos + bytes.length > end) return false
  for (let i = 0; i < bytes.length; i++) if (data[pos + i] !== bytes[i]) return false
  return true
}

function runEnd({ set, least, most }: Run, data: Uint8Array, start: number, end: number): number {
  const limit = most < end - start ? start + most : end
  let pos = start
  while (pos < limit && set[data[pos]!] === 1) pos++
  return pos - start < least ? -1 : pos
}
