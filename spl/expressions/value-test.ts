import { compareTexts } from '../values/compare'
import { cidr } from '../values/ip'
import { numberOf } from '../values/number'
import { hasWildcard, wildcard } from '../values/wildcard'
import { type Grams, Piece } from './grams'
import type { Comparator } from './predicate'

/** A text of a field, and what is made of it once, whoever asks. */
export interface Subject {
  readonly text: string
  /** In lower case. */
  readonly low: string
  /** Of `low`; undefined where the text is so short that looking through it costs as little. */
  readonly grams: Grams | undefined
}
/** From so many characters on a text has `grams`. */
export const LONG = 256

export const subject = (text: string): Subject => ({
  text,
  get low() {
    return text.toLowerCase()
  },
  grams: undefined,
})

/** A test of one text of a field. A field without a value matches nothing, whatever the comparator. */
export type TextTest = (x: Subject) => boolean

/**
 * One comparison. `=` and `!=` are of texts, without case and with wildcards; the others of numbers where both sides are, else of texts.
 * @source Search Reference, search; numbers in `=` compared as text
 */
export function comparison(op: Comparator, value: string, exactCase: boolean, field: string): TextTest {
  if (op === '=') return equality(value, exactCase, field)
  if (op === '!=') {
    const same = equality(value, exactCase, field)
    return (x) => !same(x)
  }
  const wanted = numberOf(value)
  const folded = value.toLowerCase()
  const holds = (order: number) => (op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0)
  return (x) => {
    const n = numberOf(x.text)
    return holds(wanted === wanted && n === n ? n - wanted : compareTexts(x.low, folded))
  }
}

export function equality(value: string, exactCase: boolean, field: string): TextTest {
  const net = cidr(value)
  if (net) return ({ text }) => net.contains(text) || text === value
  // `index=*` leaves out the internal indexes. @source Search Reference, search, "index"
  const open = field !== 'index' || !hasWildcard(value) || value.startsWith('_')
  if (exactCase) {
    const { test } = wildcard(value)
    return ({ text }) => (open || !text.startsWith('_')) && test(text)
  }
  const { test, plain } = wildcard(value.toLowerCase())
  const pieces = plain ? [] : piecesOf(value)
  return (x) => (open || !x.text.startsWith('_')) && mayHold(x, pieces) && test(x.low)
}

const piecesOf = (value: string): readonly Piece[] =>
  value
    .toLowerCase()
    .split(/\*+/)
    .map((part) => new Piece(part))

function mayHold({ grams }: Subject, pieces: readonly Piece[]): boolean {
  return !grams || pieces.every((p) => grams.mayHold(p))
}

/** Whether a text equals any of the values, without case: long lists of names and of endings cost a look into a set. */
export function anyEqual(values: readonly string[], field: string): TextTest {
  const names = new Set<string>()
  const heads = new Ends((text, n) => text.slice(0, n))
  const tails = new Ends((text, n) => text.slice(text.length - n))
  const inside: Piece[] = []
  const others: TextTest[] = []
  for (const value of values) {
    const parts = value.toLowerCase().split(/\*+/)
    const [head, tail, more] = parts
    if (field === 'index' || cidr(value) || parts.length > 3 || (more !== undefined && !(head === '' && more === '')))
      others.push(equality(value, false, field))
    else if (tail === undefined) names.add(head!)
    else if (more !== undefined) inside.push(new Piece(tail))
    else if (head === '') tails.add(tail)
    else if (tail === '') heads.add(head!)
    else others.push(equality(value, false, field))
  }
  return (x) => {
    const { low, grams } = x
    if (names.has(low) || tails.has(low) || heads.has(low)) return true
    for (let i = 0; i < inside.length; i++) if ((!grams || grams.mayHold(inside[i]!)) && low.includes(inside[i]!.text)) return true
    return others.some((t) => t(x))
  }
}

/** Beginnings or endings of texts, by their length. */
class Ends {
  private readonly byLength = new Map<number, Set<string>>()
  constructor(private readonly cut: (text: string, length: number) => string) {}

  add(end: string): void {
    const known = this.byLength.get(end.length)
    if (known) known.add(end)
    else this.byLength.set(end.length, new Set([end]))
  }
  has(text: string): boolean {
    for (const [length, ends] of this.byLength) if (length <= text.length && ends.has(this.cut(text, length))) return true
    return false
  }
}
