import { type Predicate, parts, type Terms } from '../../spl/expressions/predicate'
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
  /** Whether a term stands in any of the events; for filters of very many terms, which would each search the whole block. */
  holds(term: Uint8Array): boolean
  column(field: MetadataField): { readonly values: readonly string[]; readonly codes: Uint32Array | undefined }
}

/** Rows that may match, as a mask; undefined: none. Exact when `decides` says so of the filter. */
export type EventFilter = (events: Filterable) => Mask | undefined
/** @param unknown what counts for a leaf that the store cannot tell: 1 gives an upper bound, 0 a lower one */
type Node = (events: Filterable, unknown: 0 | 1) => Mask | undefined

/** From here on terms are first looked for among the terms of the block. */
const MANY_TERMS = 32

export function eventFilter(p: Predicate): EventFilter {
  const node = nodeOf(p, countTerms(p) > MANY_TERMS)
  return (events) => node(events, 1)
}

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
  return termOf(p)?.needs
}
/** A list of one is its member, so that the words of a long OR are looked up together. */
const unwrapped = (t: Terms): Terms => ('all' in t && t.all.length === 1 ? unwrapped(t.all[0]!) : t)

const isTerm = (p: Predicate): boolean => 'word' in p || 'phrase' in p || 'term' in p || 'tokens' in p

/** Compiled once per node: a list of indicators has tens of thousands, asked for by the index and by the filter. */
const compiled = new WeakMap<Predicate, TermTest>()
function termOf(p: Predicate): TermTest | undefined {
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

const countTerms = (p: Predicate): number => parts(p).reduce((n, c) => n + countTerms(c), isTerm(p) ? 1 : 0)

function nodeOf(p: Predicate, many: boolean): Node {
  if ('and' in p) return both(p.and.map((c) => nodeOf(c, many)))
  if ('or' in p) return either(p.or.map((c) => nodeOf(c, many)))
  if ('not' in p) return negated(nodeOf(p.not, many))
  if ('always' in p) return (events) => (p.always ? everyRow(events) : undefined)
  const term = termOf(p)
  if (term) return termNode(term, many)
  return metadataNode(p)
}

const everyRow = (events: Filterable): Mask => new Uint8Array(events.rows).fill(1)

function both(all: readonly Node[]): Node {
  return (events, unknown) => {
    let mask: Mask | undefined
    for (const node of all) {
      const m = node(events, unknown)
      if (m === undefined) return undefined
      if (mask === undefined) mask = m
      else for (let i = 0; i < m.length; i++) mask[i]! &= m[i]!
    }
    return mask ?? everyRow(events)
  }
}
function either(all: readonly Node[]): Node {
  return (events, unknown) => {
    let mask: Mask | undefined
    for (const node of all) {
      const m = node(events, unknown)
      if (mask === undefined) mask = m
      else if (m !== undefined) for (let i = 0; i < m.length; i++) mask[i]! |= m[i]!
    }
    return mask
  }
}
function negated(of: Node): Node {
  return (events, unknown) => {
    const m = of(events, unknown === 1 ? 0 : 1)
    if (m === undefined) return everyRow(events)
    for (let i = 0; i < m.length; i++) m[i]! ^= 1
    return m
  }
}

function termNode(term: TermTest, many: boolean): Node {
  let match: ((text: BlockText) => Mask) | undefined
  const needed = many ? plainTerms(term.needs) : []
  return (events) => (needed.every((t) => events.holds(t)) ? (match ??= matcherOf(term))(events.text()) : undefined)
}
function plainTerms(needs: Terms | undefined): Uint8Array[] {
  if (needs === undefined || !('all' in needs)) return []
  return needs.all.flatMap((t) => ('term' in t && !t.wildcard ? [indexTerm(t.term)] : []))
}

function metadataNode(p: Predicate): Node {
  const leaf = metadataTest(p)
  if (!leaf) return (events, unknown) => (unknown === 1 ? everyRow(events) : undefined)
  return (events) => {
    const { values, codes } = events.column(leaf.field)
    const known = values.map(leaf.test)
    if (!codes) return known[0] ? everyRow(events) : undefined
    const mask = new Uint8Array(events.rows)
    for (let i = 0; i < mask.length; i++) mask[i] = known[codes[i]!] ? 1 : 0
    return mask
  }
}
