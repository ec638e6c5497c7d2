import { nodes, type Predicate, parts, type Terms } from '../../spl/expressions/predicate'
import { indexTerm } from '../../spl/segments/term-set'
import { compileTerm, type TermTest } from '../../spl/segments/terms'
import type { BlockText } from './block-text'
import { type MetadataField, metadataTest } from './metadata-test'
import { type Mask, matcherOf } from './term-matcher'

/** The events of a block as the filter sees them. */
export interface Filterable {
  readonly rows: number
  /** Made when a term is first looked for: a filter of metadata alone opens no block. */
  text(): BlockText
  /**
   * The events that hold a term of `termsAsked`, where the index tells without the text: a mask of the caller's own, or none of them.
   * Undefined: only the text tells.
   */
  known(term: string): Mask | 'none' | undefined
  /** What the text said when it was last looked at for a keyword: a mask of the caller's own, or none of them; undefined: nobody looked. */
  tested(term: string): Mask | 'none' | undefined
  /** What the text says of a keyword. */
  keep(term: string, mask: Mask): void
  /** Whether a term stands in any of the events; for filters of very many terms, which would each search the whole block. */
  holds(term: Uint8Array): boolean
  column(field: MetadataField): { readonly values: readonly string[]; readonly codes: Uint32Array | undefined }
}

/** Rows that may match, as a mask; undefined: none. */
export type MayMatch = Mask | 'all' | undefined
/** Exact when `decides` says so of the filter. */
export type EventFilter = (events: Filterable) => MayMatch
/** @param unknown what counts for a leaf that the store cannot tell: 1 gives an upper bound, 0 a lower one */
type Node = (events: Filterable, unknown: 0 | 1) => MayMatch

/** From here on terms are first looked for among the terms of the block. */
const MANY_TERMS = 32

export function eventFilter(p: Predicate): EventFilter {
  const node = nodeOf(p, countTerms(p) > MANY_TERMS)
  return (events) => node(events, 1)
}

/** The whole terms of which the filter asks what is known; none for filters of very many terms. */
export function termsAsked(p: Predicate): readonly string[] {
  if (countTerms(p) > MANY_TERMS) return []
  const leaves = [...nodes(p)].flatMap((n) => testOf(n) ?? [])
  return [...new Set(leaves.flatMap((t) => plainTerms(t.needs)))]
}

const decidedByTerms = (t: TermTest) => t.decidedByTerms && t.terms.every((p) => p.by === 'exact')

/** Whether the store can decide a predicate for each event. */
export function decides(p: Predicate): boolean {
  const children = parts(p)
  if (children.length > 0) return children.every(decides)
  return 'and' in p || 'or' in p || 'always' in p || isTerm(p) || metadataTest(p) !== undefined
}

/** The terms that an event must hold to match; undefined when that cannot be said, as of every NOT. */
export function termsNeeded(p: Predicate): Terms | undefined {
  if ('and' in p) {
    const all = p.and.map(termsNeeded).filter((t) => t !== undefined)
    return all.length === 0 ? undefined : { all }
  }
  if ('or' in p) {
    const any = p.or.map(termsNeeded)
    return any.includes(undefined) ? undefined : { any: any.map((t) => unwrapped(t!)) }
  }
  if ('always' in p) return p.always ? undefined : { any: [] }
  return testOf(p)?.needs
}
/** A list of one is its member, so that the words of a long OR are looked up together. */
const unwrapped = (t: Terms): Terms => ('all' in t && t.all.length === 1 ? unwrapped(t.all[0]!) : t)

const isTerm = (p: Predicate): boolean => 'word' in p || 'phrase' in p || 'term' in p || 'tokens' in p

/** Compiled once per node: a list of indicators has tens of thousands, asked for by the index and by the filter. */
const compiled = new WeakMap<Predicate, TermTest>()
export function testOf(p: Predicate): TermTest | undefined {
  let test = compiled.get(p)
  if (!test && isTerm(p)) compiled.set(p, (test = compileLeaf(p)!))
  return test
}
function compileLeaf(p: Predicate): TermTest | undefined {
  if ('word' in p) return compileTerm('word', p.word, p.exactCase === true)
  if ('phrase' in p) return compileTerm('phrase', p.phrase, p.exactCase === true)
  if ('term' in p) return compileTerm('term', p.term, p.exactCase === true)
  return 'tokens' in p ? compileTerm('tokens', p.tokens) : undefined
}

/** Equal keywords have equal names. */
const nameOf = ({ id: _id, span: _span, ...kind }: Predicate): string => JSON.stringify(kind)

const countTerms = (p: Predicate): number => parts(p).reduce((n, c) => n + countTerms(c), isTerm(p) ? 1 : 0)

function nodeOf(p: Predicate, many: boolean): Node {
  if ('and' in p) return both(p.and.map((c) => nodeOf(c, many)))
  if ('or' in p) return either(p.or.map((c) => nodeOf(c, many)))
  if ('not' in p) return negated(nodeOf(p.not, many))
  if ('always' in p) return () => (p.always ? 'all' : undefined)
  const term = testOf(p)
  if (term) return termNode(term, many, nameOf(p))
  return metadataNode(p)
}

function both(all: readonly Node[]): Node {
  return (events, unknown) => {
    let mask: Mask | undefined
    for (const node of all) {
      const m = node(events, unknown)
      if (m === undefined) return undefined
      // What comes next may need the text.
      if (m === 'all') continue
      if (mask && !intersects(mask, m)) return undefined
      mask ??= m
    }
    return mask ?? 'all'
  }
}
/** Leaves in `mask` what is in both; false: nothing. */
function intersects(mask: Mask, other: Mask): boolean {
  let some = 0
  for (let i = 0; i < mask.length; i++) some |= mask[i]! &= other[i]!
  return some === 1
}
function either(all: readonly Node[]): Node {
  return (events, unknown) => {
    let mask: Mask | undefined
    for (const node of all) {
      const m = node(events, unknown)
      if (m === 'all') return m
      if (mask === undefined) mask = m
      else if (m !== undefined) for (let i = 0; i < m.length; i++) mask[i]! |= m[i]!
    }
    return mask
  }
}
function negated(of: Node): Node {
  return (events, unknown) => {
    const m = of(events, unknown === 1 ? 0 : 1)
    if (m === undefined) return 'all'
    if (m === 'all') return undefined
    for (let i = 0; i < m.length; i++) m[i]! ^= 1
    return m
  }
}

function termNode(term: TermTest, many: boolean, name: string): Node {
  if (term.never) return () => undefined
  let match: ReturnType<typeof matcherOf> | undefined
  const needed = plainTerms(term.needs)
  const looked = (events: Filterable, among?: Mask) => (match ??= matcherOf(term))(events.text(), among)
  if (many) {
    const terms = needed.map(indexTerm)
    return (events) => (terms.every((t) => events.holds(t)) ? looked(events) : undefined)
  }
  const decided = decidedByTerms(term)
  return (events) => {
    // What the text said says more than the index, and costs less.
    const before = events.tested(name)
    if (before !== undefined) return before === 'none' ? undefined : before
    const known = rowsKnown(events, needed)
    if (known === undefined || (decided && known !== 'open')) return known
    const mask = looked(events, typeof known === 'string' ? undefined : known)
    events.keep(name, mask)
    return mask
  }
}
/** The events that hold all of some terms; `open` when that is not known. */
function rowsKnown(events: Filterable, terms: readonly string[]): MayMatch | 'open' {
  let mask: Mask | undefined
  let open = false
  for (const term of terms) {
    const rows = events.known(term)
    if (rows === 'none') return undefined
    if (rows === undefined) open = true
    else if (mask === undefined) mask = rows
    else for (let i = 0; i < mask.length; i++) mask[i]! &= rows[i]!
  }
  if (mask && !mask.includes(1)) return undefined
  return open ? 'open' : (mask ?? 'all')
}
function plainTerms(needs: Terms | undefined): string[] {
  if (needs === undefined || !('all' in needs)) return []
  return needs.all.flatMap((t) => ('term' in t && !t.wildcard ? [t.term] : []))
}

function metadataNode(p: Predicate): Node {
  const leaf = metadataTest(p)
  if (!leaf) return (_events, unknown) => (unknown === 1 ? 'all' : undefined)
  return (events) => {
    const { values, codes } = events.column(leaf.field)
    const known = values.map(leaf.test)
    if (!codes || known.every((k) => k === known[0])) return known[0] ? 'all' : undefined
    const mask = new Uint8Array(events.rows)
    for (let i = 0; i < mask.length; i++) mask[i] = known[codes[i]!] ? 1 : 0
    return mask
  }
}
