/** What a `search` expression means once time, roles and knowledge are known: windows of `_time`, indexes, terms of field values. */

import type { FieldKnowledge } from '../knowledge/extract/field-knowledge'
import { mapPredicate, nodes, type Predicate, type PredicateKind } from '../spl/expressions/predicate'
import { fail, notSupported } from '../spl/text/problems'
import { cidr } from '../spl/values/ip'
import { BadTime } from '../spl/values/time/bad-time'
import { resolveTime } from '../spl/values/time/modifiers'
import { readTime } from '../spl/values/time/strptime'
import { findZone, UTC, type Zone } from '../spl/values/time/zone'
import { hasWildcard, wildcard } from '../spl/values/wildcard'
import type { SearchRequest } from './head'

/** Epoch seconds; `latest` is exclusive; infinite where open. */
export interface TimeRange {
  readonly earliest: number
  readonly latest: number
}
export const ALL_TIME: TimeRange = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY }

/** What a request says of time. */
export type TimeParameters = Pick<SearchRequest, 'earliest' | 'latest' | 'indexEarliest' | 'indexLatest' | 'timeZone'>
export const zoneOf = (r: TimeParameters): Zone => (r.timeZone ? findZone(r.timeZone) : undefined) ?? UTC

/**
 * The time range of a request's parameters, and that of the times at which events were indexed.
 * @throws SplProblem `bad-time-parameter`, `time-order`, `realtime-refused` (phase `parse`)
 */
export function parameterRanges(r: TimeParameters, now: number): { readonly range: TimeRange; readonly indexed: TimeRange } {
  const zone = zoneOf(r)
  const bound = (name: string, text: string | undefined, open: number): number => {
    if (text === undefined || text.trim() === '') return open
    try {
      const at = resolveTime(text.trim(), now, zone, 'parameter')
      return name.endsWith('earliest_time') && at === 0 ? Number.NEGATIVE_INFINITY : at
    } catch (e) {
      if (!(e instanceof BadTime)) throw e
      throw e.kind === 'realtime' ? fail('realtime-refused', {}) : fail('bad-time-parameter', { name })
    }
  }
  const range = { earliest: bound('earliest_time', r.earliest, ALL_TIME.earliest), latest: bound('latest_time', r.latest, ALL_TIME.latest) }
  if (range.earliest > range.latest) throw fail('time-order', {})
  const indexed = {
    earliest: bound('index_earliest', r.indexEarliest, ALL_TIME.earliest),
    latest: bound('index_latest', r.indexLatest, ALL_TIME.latest),
  }
  return { range, indexed }
}

export interface Resolving {
  readonly now: number
  readonly zone: Zone
  /** Of the parameters; terms in the search override it. */
  readonly range: TimeRange
  /** Of the times at which events were indexed; terms in the search override it. */
  readonly indexed?: TimeRange
  readonly fields: Pick<FieldKnowledge, 'hintable' | 'renames'>
}

export interface Resolved {
  readonly filter: Predicate
  readonly range: TimeRange
  /** Whether the search's own terms set the range. */
  readonly overridden: boolean
}

/**
 * Time terms become comparisons of `_time`; each disjunct keeps its own window and the scan uses their union. Values of extracted
 * fields must also stand in the event as terms: Splunk's rule for the first search, part of its meaning.
 * @throws SplProblem `bad-time-term`, `time-bounds` (phase `setup`)
 */
export function resolveFilter(filter: Predicate, x: Resolving): Resolved {
  let id = 1 + Math.max(0, ...[...nodes(filter)].map((n) => n.id))
  const make = (like: Predicate, kind: PredicateKind): Predicate => ({ id: id++, span: like.span, ...kind })
  const timed = resolveTimes(filter, x, make)
  const withTerms = mapPredicate(timed, (p) => valueTerms(renamedSourcetype(p, x, make), x, make))
  const named = [...nodes(filter)].filter(isTime).map((n) => n.time[0].startsWith('_index'))
  const own = named.includes(false)
  const resolved = named.includes(true) ? withTerms : indexedIn(withTerms, x.indexed ?? ALL_TIME, make)
  return { filter: resolved, range: own ? windowOf(timed) : x.range, overridden: own }
}

function indexedIn(p: Predicate, { earliest, latest }: TimeRange, make: Make): Predicate {
  const from = Number.isFinite(earliest) ? [make(p, { compare: ['_indextime', '>=', String(earliest)] })] : []
  const to = Number.isFinite(latest) ? [make(p, { compare: ['_indextime', '<', String(latest)] })] : []
  return from.length + to.length === 0 ? p : make(p, { and: [...('and' in p ? p.and : [p]), ...from, ...to] })
}

type Make = (like: Predicate, kind: PredicateKind) => Predicate
type TimeNode = Predicate & { readonly time: readonly [string, string] }
const isTime = (p: Predicate): p is TimeNode => 'time' in p

/** The time terms of one conjunction belong together. */
function resolveTimes(p: Predicate, x: Resolving, make: Make): Predicate {
  if (isTime(p)) return make(p, { and: bounds([p], x, make) })
  if ('and' in p) {
    const terms = p.and.filter(isTime)
    const others = p.and.filter((c) => !isTime(c)).map((c) => resolveTimes(c, x, make))
    return { ...p, and: terms.length > 0 ? [...others, ...bounds(terms, x, make)] : others }
  }
  if ('or' in p) return { ...p, or: p.or.map((c) => resolveTimes(c, x, make)) }
  return 'not' in p ? { ...p, not: resolveTimes(p.not, x, make) } : p
}

/** What each term bounds: which field, from which side, and how its value is written. */
const TERMS: Readonly<
  Record<string, readonly [field: string, side: 'from' | 'to', form: 'modifier' | 'format' | 'epoch' | readonly [unit: string]]>
> = {
  earliest: ['_time', 'from', 'modifier'],
  latest: ['_time', 'to', 'modifier'],
  _index_earliest: ['_indextime', 'from', 'modifier'],
  _index_latest: ['_indextime', 'to', 'modifier'],
  starttime: ['_time', 'from', 'format'],
  endtime: ['_time', 'to', 'format'],
  starttimeu: ['_time', 'from', 'epoch'],
  endtimeu: ['_time', 'to', 'epoch'],
  daysago: ['_time', 'from', ['d']],
  hoursago: ['_time', 'from', ['h']],
  minutesago: ['_time', 'from', ['m']],
  monthsago: ['_time', 'from', ['mon']],
  startdaysago: ['_time', 'from', ['d']],
  starthoursago: ['_time', 'from', ['h']],
  startminutesago: ['_time', 'from', ['m']],
  startmonthsago: ['_time', 'from', ['mon']],
  enddaysago: ['_time', 'to', ['d']],
  endhoursago: ['_time', 'to', ['h']],
  endminutesago: ['_time', 'to', ['m']],
  endmonthsago: ['_time', 'to', ['mon']],
}

function bounds(terms: readonly TimeNode[], x: Resolving, make: Make): Predicate[] {
  const format = terms.find((t) => t.time[0] === 'timeformat')?.time[1] ?? '%m/%d/%Y:%H:%M:%S'
  const out: Predicate[] = []
  const found: Record<string, number> = {}
  for (const t of terms) {
    if (t.time[0] === 'timeformat') continue
    const known = TERMS[t.time[0]]
    if (!known) throw notSupported(`the time term '${t.time[0]}'`, t.span)
    const at = timeValue(t, known[2], format, x)
    found[`${known[0]} ${known[1]}`] = at
    out.push(make(t, { compare: [known[0], known[1] === 'from' ? '>=' : '<', String(at)] }))
  }
  const from = found['_time from']
  // Only a beginning: up to now, which is exclusive like any end. @source Search Manual, "Specify time modifiers"
  if (from !== undefined && found['_time to'] === undefined) out.push(make(terms[0]!, { compare: ['_time', '<', String(x.now)] }))
  const to = found['_time to']
  if (from !== undefined && to !== undefined && from > to)
    throw fail('time-bounds', { start: String(from), end: String(to) }, terms[0]!.span)
  return out
}

function timeValue(t: TimeNode, form: (typeof TERMS)[string][2], format: string, x: Resolving): number {
  const [term, value] = t.time
  const bad = () => fail('bad-time-term', { value, term }, t.span)
  if (form === 'format') {
    const read = readTime(value, format, x.zone, { now: x.now })
    if (!read) throw bad()
    return read.seconds
  }
  try {
    return resolveTime(typeof form === 'object' ? `-${value}${form[0]}` : value, x.now, x.zone, 'search')
  } catch (e) {
    if (e instanceof BadTime) throw bad()
    throw e
  }
}

/** The `_time` window outside which nothing can match. */
function windowOf(p: Predicate): TimeRange {
  if ('and' in p) {
    const all = p.and.map(windowOf)
    return {
      earliest: Math.max(ALL_TIME.earliest, ...all.map((r) => r.earliest)),
      latest: Math.min(ALL_TIME.latest, ...all.map((r) => r.latest)),
    }
  }
  if ('or' in p) {
    const all = p.or.map(windowOf)
    return { earliest: Math.min(...all.map((r) => r.earliest)), latest: Math.max(...all.map((r) => r.latest)) }
  }
  if (!('compare' in p) || p.compare[0] !== '_time') return ALL_TIME
  const at = Number(p.compare[2])
  if (!Number.isFinite(at)) return ALL_TIME
  const op = p.compare[1]
  if (op === '>=' || op === '>') return { ...ALL_TIME, earliest: at }
  // A window's end is exclusive; a microsecond is the smallest step of a time.
  return op === '<' ? { ...ALL_TIME, latest: at } : op === '<=' ? { ...ALL_TIME, latest: at + 1e-6 } : ALL_TIME
}

/** A search names sourcetypes as props.conf renames them, the store as they came. */
function renamedSourcetype(p: Predicate, x: Resolving, make: Make): Predicate {
  if (x.fields.renames.size === 0 || !('compare' in p) || p.compare[0] !== 'sourcetype' || p.compare[1] !== '=') return p
  const test = wildcard(p.compare[2], true)
  const stored = [...x.fields.renames].filter(([, to]) => test.test(to)).map(([from]) => make(p, { compare: ['sourcetype', '=', from] }))
  return stored.length === 0 ? p : make(p, { or: [p, ...stored] })
}

/** `field=value` of an extracted field: the value's terms stand in the event. */
function valueTerms(p: Predicate, x: Resolving, make: Make): Predicate {
  if ('compare' in p && p.compare[1] === '=') {
    const tokens = asksTerms(p.compare[0], x) ? tokensOf(p.compare[2]) : undefined
    return tokens === undefined ? p : make(p, { and: [p, make(p, { tokens })] })
  }
  if ('in' in p && asksTerms(p.in[0], x)) {
    const [field, values] = p.in
    const each = values.map((v) => valueTerms(make(p, { compare: [field, '=', v] }), x, make))
    return make(p, { or: each })
  }
  return p
}

/** Not where a value is calculated, looked up or put together: it need not stand in the event. */
const asksTerms = (field: string, x: Resolving) => x.fields.hintable(field) !== undefined

/** A value that says nothing of terms: a network, stars alone, nothing at all. */
const tokensOf = (value: string): string | undefined => (/[^*\s]/.test(value) && !cidr(value) ? value : undefined)

/**
 * Names of the indexes that a search may find events in: those that the role allows, narrowed by what the search says of `index`;
 * the role's default indexes where it says nothing.
 */
export function indexesOf(
  filter: Predicate,
  existing: readonly string[],
  allowed: readonly string[],
  defaults: readonly string[],
): string[] {
  const permitted = matchingIndexes(existing, allowed)
  const said = [...saidOfIndex(filter, true)]
  if (said.length === 0) return matchingIndexes(permitted, defaults)
  // `index!=x` and `NOT index=x` alone search the default indexes less x; a positive name lifts that.
  const positive = said.includes(true)
  return permitted.filter((name) => mayBe(filter, name) && (positive || defaults.some((d) => indexMatches(d, name))))
}

/** Of each test of `index`: whether it names where to look, rather than where not to. @param straight  under an even number of NOTs */
function* saidOfIndex(p: Predicate, straight: boolean): Generator<boolean> {
  if ('and' in p) for (const c of p.and) yield* saidOfIndex(c, straight)
  else if ('or' in p) for (const c of p.or) yield* saidOfIndex(c, straight)
  else if ('not' in p) yield* saidOfIndex(p.not, !straight)
  else if ('compare' in p && p.compare[0] === 'index') yield (p.compare[1] === '=') === straight
  else if (('in' in p && p.in[0] === 'index') || ('indexed' in p && p.indexed[0] === 'index')) yield straight
}

/** Those of the names that some of the patterns mean. */
export const matchingIndexes = (names: readonly string[], patterns: readonly string[]): string[] =>
  names.filter((name) => patterns.some((p) => indexMatches(p, name)))

/** `*` leaves out the internal indexes. */
export function indexMatches(pattern: string, name: string): boolean {
  if (hasWildcard(pattern) && !pattern.startsWith('_') && name.startsWith('_')) return false
  return wildcard(pattern, true).test(name)
}

/** Whether events of the index may match: what is not about `index` may. */
function mayBe(p: Predicate, name: string): boolean {
  if ('and' in p) return p.and.every((c) => mayBe(c, name))
  if ('or' in p) return p.or.some((c) => mayBe(c, name))
  if ('not' in p) return !mustBe(p.not, name)
  const says = indexSays(p, name)
  return says === undefined || says
}
/** Whether all events of the index match. */
function mustBe(p: Predicate, name: string): boolean {
  if ('and' in p) return p.and.every((c) => mustBe(c, name))
  if ('or' in p) return p.or.some((c) => mustBe(c, name))
  if ('not' in p) return !mayBe(p.not, name)
  return indexSays(p, name) === true
}
function indexSays(p: Predicate, name: string): boolean | undefined {
  if ('compare' in p && p.compare[0] === 'index') return indexMatches(p.compare[2], name) === (p.compare[1] === '=')
  if ('in' in p && p.in[0] === 'index') return p.in[1].some((v) => indexMatches(v, name))
  if ('indexed' in p && p.indexed[0] === 'index') return indexMatches(p.indexed[1], name)
  return undefined
}
