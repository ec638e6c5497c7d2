import { compareTexts } from '../values/compare'
import { cidr } from '../values/ip'
import { numberOf } from '../values/number'
import { hasWildcard, wildcard } from '../values/wildcard'
import type { Comparator } from './predicate'

/**
 * A test of one text of a field. A field without a value matches nothing, whatever the comparator.
 * @param low  the text in lower case: made once, whoever asks
 */
export type TextTest = (text: string, low: () => string) => boolean

/**
 * One comparison. `=` and `!=` are of texts, without case and with wildcards; the others of numbers where both sides are, else of texts.
 * @source Search Reference, search; numbers in `=` compared as text
 */
export function comparison(op: Comparator, value: string, exactCase: boolean, field: string): TextTest {
  if (op === '=') return equality(value, exactCase, field)
  if (op === '!=') {
    const same = equality(value, exactCase, field)
    return (x, low) => !same(x, low)
  }
  const wanted = numberOf(value)
  const folded = value.toLowerCase()
  const holds = (order: number) => (op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0)
  return (x, low) => {
    const n = numberOf(x)
    return holds(wanted === wanted && n === n ? n - wanted : compareTexts(low(), folded))
  }
}

export function equality(value: string, exactCase: boolean, field: string): TextTest {
  const net = cidr(value)
  if (net) return (x) => net.contains(x) || x === value
  // `index=*` leaves out the internal indexes. @source Search Reference, search, "index"
  const open = field !== 'index' || !hasWildcard(value) || value.startsWith('_')
  const { test } = wildcard(exactCase ? value : value.toLowerCase())
  return (x, low) => (open || !x.startsWith('_')) && test(exactCase ? x : low())
}

/** Whether a text equals any of the values, without case: long lists of names and of endings cost a look into a set. */
export function anyEqual(values: readonly string[], field: string): TextTest {
  const names = new Set<string>()
  const heads = new Ends((text, n) => text.slice(0, n))
  const tails = new Ends((text, n) => text.slice(text.length - n))
  const inside: string[] = []
  const others: TextTest[] = []
  for (const value of values) {
    const parts = value.toLowerCase().split(/\*+/)
    const [head, tail, more] = parts
    if (field === 'index' || cidr(value) || parts.length > 3 || (more !== undefined && !(head === '' && more === '')))
      others.push(equality(value, false, field))
    else if (tail === undefined) names.add(head!)
    else if (more !== undefined) inside.push(tail)
    else if (head === '') tails.add(tail)
    else if (tail === '') heads.add(head!)
    else others.push(equality(value, false, field))
  }
  return (x, low) => {
    const text = low()
    if (names.has(text) || tails.has(text) || heads.has(text)) return true
    for (let i = 0; i < inside.length; i++) if (text.includes(inside[i]!)) return true
    return others.some((t) => t(x, low))
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
