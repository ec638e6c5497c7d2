import type { Batch } from '../../spl/batch/batch'
import { valueAt } from '../../spl/batch/column'
import {
  leafKey,
  type OpenedNodes,
  type PredicateNode,
  predicateCompiler,
  type SharedFilter,
} from '../../spl/expressions/compile-predicate'
import { nodes, type Predicate } from '../../spl/expressions/predicate'
import { textOf } from '../../spl/values/value'
import { decides, testOf } from '../../storage/matching/event-filter'
import { metadataTest } from '../../storage/matching/metadata-test'
import { storedTerms } from './stored-terms'

/** Conditions that so many filters begin with are tested once for all of them. */
const COMMON = 4

/** A condition that several filters have, under others that they have too. */
interface Prefix {
  readonly above: Prefix | undefined
  readonly keep: SharedFilter
}
/** One filter: the rows of its prefix that pass the rest. */
interface Member {
  readonly prefix: Prefix | undefined
  readonly rest: SharedFilter | undefined
}
interface View {
  readonly batch: Batch
  readonly opened: OpenedNodes
}

/** The filters of several searches, which share what they have in common: conditions, comparisons, columns. */
export class SharedFilters {
  private readonly compile = predicateCompiler((p) => this.ofKeyword(p) ?? this.ofStored(p))
  private readonly terms = storedTerms(() => this.stored!)
  /** The batch as the store gave it. */
  private stored: Batch | undefined
  private readonly storeParts = new Map<number, SharedFilter>()
  private readonly members: readonly Member[]

  constructor(private readonly all: readonly Predicate[]) {
    const lists = all.map((f) => conjuncts(f).map((p) => ({ p, key: commonKey(p) })))
    const counts = new Map<string, number>()
    for (const list of lists)
      for (const key of new Set(list.map((c) => c.key))) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
    const prefixes = new Map<string, Prefix>()
    this.members = lists.map((list) => {
      const often = (c: { key: string | undefined }) => (c.key === undefined ? 0 : counts.get(c.key)!)
      const common = list.filter((c) => often(c) >= COMMON).sort((a, b) => often(b) - often(a) || (a.key! < b.key! ? -1 : 1))
      const rest = list.filter((c) => often(c) < COMMON).map((c) => c.p)
      return { prefix: this.prefixOf(common, prefixes), rest: rest.length > 0 ? this.filter(rest) : undefined }
    })
  }

  private prefixOf(common: readonly { p: Predicate; key: string | undefined }[], known: Map<string, Prefix>): Prefix | undefined {
    let above: Prefix | undefined
    let path = ''
    for (const { p, key } of common) {
      path += `${key}\n`
      let found = known.get(path)
      if (!found) known.set(path, (found = { above, keep: this.filter([p]) }))
      above = found
    }
    return above
  }
  private filter(all: readonly Predicate[]): SharedFilter {
    return this.compile(all.length === 1 ? all[0]! : { id: 0, span: all[0]!.span, and: all })
  }

  private ofKeyword(p: Predicate): PredicateNode | undefined {
    const term = testOf(p)
    return term && this.terms(term)
  }
  /** What the store keeps about every event is compared as it stands there, whatever a search calls it. */
  private ofStored(p: Predicate): PredicateNode | undefined {
    const leaf = metadataTest(p)
    if (!leaf) return undefined
    const known = new Map<string, boolean>()
    const matches = (text: string): boolean => {
      let found = known.get(text)
      if (found === undefined) known.set(text, (found = leaf.test(text)))
      return found
    }
    return () => {
      const column = this.stored?.column(leaf.field)
      if (column?.kind !== 'constant') return (row) => matches(textOf(valueAt(column, row)) ?? '')
      const same = matches(textOf(column.value) ?? '')
      return () => same
    }
  }

  /** Whether the store alone would have given some of these rows to the search: what it cannot tell it lets pass. */
  asksFor(number: number, stored: Batch): boolean {
    let filter = this.storeParts.get(number)
    if (!filter) this.storeParts.set(number, (filter = this.filter([storePart(this.all[number]!, true)])))
    this.stored = stored
    return filter(stored, new Map()) !== undefined
  }

  /**
   * Ready to answer for one batch which of its rows a filter keeps; undefined for none. Good until asked for the next batch.
   * @param stored  the same rows as the store gave them
   */
  over(batch: Batch, stored: Batch): (number: number) => Batch | undefined {
    this.stored = stored
    const root: View = { batch, opened: new Map() }
    const views = new Map<Prefix, View | undefined>()
    const viewOf = (p: Prefix | undefined): View | undefined => {
      if (!p) return root
      if (views.has(p)) return views.get(p)
      const above = viewOf(p.above)
      const kept = above && p.keep(above.batch, above.opened)
      const view = kept && (kept === above.batch ? above : { batch: kept, opened: new Map() })
      views.set(p, view)
      return view
    }
    return (number) => {
      const { prefix, rest } = this.members[number]!
      const view = viewOf(prefix)
      return view && rest ? rest(view.batch, view.opened) : view?.batch
    }
  }
}

/** What must all hold. */
function conjuncts(p: Predicate): readonly Predicate[] {
  return 'and' in p ? p.and.flatMap(conjuncts) : [p]
}

/** Conditions of more parts are seldom the same. */
const FEW_PARTS = 30

/** What a condition says; undefined where another one hardly says it too. */
function commonKey(p: Predicate): string | undefined {
  let parts = 0
  for (const _ of nodes(p)) if (++parts > FEW_PARTS) return undefined
  return keyOf(p)
}
function keyOf(p: Predicate): string {
  if ('and' in p) return `and(${p.and.map(keyOf).join()})`
  if ('or' in p) return `or(${p.or.map(keyOf).join()})`
  return 'not' in p ? `not(${keyOf(p.not)})` : leafKey(p)
}

/** @param unknown  what counts for a leaf that the store cannot tell */
function storePart(p: Predicate, unknown: boolean): Predicate {
  if ('and' in p) return { ...p, and: p.and.map((c) => storePart(c, unknown)) }
  if ('or' in p) return { ...p, or: p.or.map((c) => storePart(c, unknown)) }
  if ('not' in p) return { ...p, not: storePart(p.not, !unknown) }
  return decides(p) ? p : { id: p.id, span: p.span, always: unknown }
}
