import type { Span } from '../text/source'

export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>='

/** What a `search` expression says, as plain data: every node has a place and an id that optimizer rules keep. Wildcards stay in the texts. */
export type Predicate = { readonly id: number; readonly span: Span } & PredicateKind
export type PredicateKind =
  | { readonly and: readonly Predicate[] }
  | { readonly or: readonly Predicate[] }
  | { readonly not: Predicate }
  /** A keyword typed without quotes. */
  | { readonly word: string; readonly exactCase?: boolean }
  /** TERM(…). */
  | { readonly term: string; readonly exactCase?: boolean }
  /** A quoted keyword. */
  | { readonly phrase: string; readonly exactCase?: boolean }
  /** Every term that the text is cut into stands in the event: what Splunk asks of a field's value in the first search. */
  | { readonly tokens: string }
  | { readonly compare: readonly [field: string, op: Comparator, value: string]; readonly exactCase?: boolean }
  | { readonly in: readonly [field: string, values: readonly string[]] }
  /** `earliest=…` and its like; resolved to comparisons of `_time` before the search runs. */
  | { readonly time: readonly [name: string, value: string] }
  /** `field::value` of an indexed field. */
  | { readonly indexed: readonly [field: string, value: string] }
  /** True or false of every event: `*`, an empty search. */
  | { readonly always: boolean }

/**
 * Terms that a matching event must hold, made by `search/` from the predicate and from knowledge. A hint: an event that lacks them
 * never matches, one that has them may still not.
 */
export type Terms =
  | { readonly all: readonly Terms[] }
  | { readonly any: readonly Terms[] }
  /** Lower case; with `wildcard` it may hold `*`. */
  | { readonly term: string; readonly wildcard: boolean }

export const ALWAYS: PredicateKind = { always: true }

/** The children of a node. */
export function parts(p: Predicate): readonly Predicate[] {
  return 'and' in p ? p.and : 'or' in p ? p.or : 'not' in p ? [p.not] : []
}

/** Every node, the outer before the inner. */
export function* nodes(p: Predicate): Generator<Predicate> {
  yield p
  for (const c of parts(p)) yield* nodes(c)
}

/** The same tree with some nodes replaced, from the inside out. */
export function mapPredicate(p: Predicate, f: (p: Predicate) => Predicate): Predicate {
  if ('and' in p) return f({ ...p, and: p.and.map((c) => mapPredicate(c, f)) })
  if ('or' in p) return f({ ...p, or: p.or.map((c) => mapPredicate(c, f)) })
  if ('not' in p) return f({ ...p, not: mapPredicate(p.not, f) })
  return f(p)
}
