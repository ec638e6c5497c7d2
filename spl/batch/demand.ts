import { hasWildcard, wildcard } from '../values/wildcard'
import type { Batch } from './batch'

/**
 * Which fields later stages may read, and whether they need the order of events. An upper bound: it may ask too much, never too
 * little. Names may hold `*`. A plain name in `fields` wins over `except`: {*, b} except {b} wants b.
 */
export interface Demand {
  readonly fields: readonly string[]
  readonly except: readonly string[]
  readonly ordered: boolean
}

export const NOTHING: Demand = { fields: [], except: [], ordered: false }
export const EVERYTHING: Demand = { fields: ['*'], except: [], ordered: true }

const compiled = new Map<string, (name: string) => boolean>()
/** Whether a pattern of a field list names a field. */
export function matches(pattern: string, name: string): boolean {
  if (!hasWildcard(pattern)) return pattern === name
  if (pattern === '*') return true
  let test = compiled.get(pattern)
  if (!test) {
    if (compiled.size > 1000) compiled.clear()
    compiled.set(pattern, (test = wildcard(pattern).test))
  }
  return test(name)
}
const anyOf = (patterns: readonly string[], name: string) => patterns.some((p) => matches(p, name))

export const wants = (d: Demand, name: string): boolean => d.fields.includes(name) || (anyOf(d.fields, name) && !anyOf(d.except, name))
export const wantsPattern = (d: Demand): boolean => d.fields.some(hasWildcard)

const distinct = (names: Iterable<string>) => [...new Set(names)]

/** These too. */
export const plus = (d: Demand, ...names: readonly string[]): Demand => ({ ...d, fields: distinct([...d.fields, ...names]) })

/** Not these: a stage makes them anew. */
export const minus = (d: Demand, ...names: readonly string[]): Demand => ({
  ...d,
  fields: d.fields.filter((f) => !anyOf(names, f)),
  except: wantsPattern(d) ? distinct([...d.except, ...names]) : d.except,
})

/** Both: an exception stays only where the other side does not want it. */
export function union(a: Demand, b: Demand): Demand {
  return {
    fields: distinct([...a.fields, ...b.fields]),
    except: distinct([
      ...a.except.filter((e) => anyOf(b.except, e) || !mayWant(b, e)),
      ...b.except.filter((e) => anyOf(a.except, e) || !mayWant(a, e)),
    ]),
    ordered: a.ordered || b.ordered,
  }
}
/** Could `d` want some name of pattern `e`? Two patterns are said to overlap. */
const mayWant = (d: Demand, e: string) =>
  d.fields.some((f) => (hasWildcard(f) && hasWildcard(e) ? true : matches(f, e) || matches(e, f))) && !anyOf(d.except, e)

/** Only these: what `fields a*` or `table` lets through of what is asked. */
export function only(d: Demand, patterns: readonly string[]): Demand {
  const both = patterns.flatMap((p) => d.fields.map((f) => narrower(p, f)))
  const fields = distinct(both.filter((f) => f !== undefined))
  return { ...d, fields: fields.filter((f) => hasWildcard(f) || wants(d, f)) }
}
/** What two patterns have in common, roughly: the one that the other matches, of two that overlap the longer. */
function narrower(p: string, f: string): string | undefined {
  if (matches(f, p)) return p
  if (matches(p, f)) return f
  return hasWildcard(p) && hasWildcard(f) ? (p.length > f.length ? p : f) : undefined
}

export const ordered = (d: Demand, yes = true): Demand => (d.ordered === yes ? d : { ...d, ordered: yes })

/** What is asked before `rename`: the old names of those asked after it. */
export function beforeRename(d: Demand, pairs: readonly (readonly [from: string, to: string])[]): Demand {
  const plain = pairs.filter(([from]) => !hasWildcard(from))
  const patterns = pairs.filter(([from]) => hasWildcard(from))
  // A wildcard rename may make any name of its target: its sources are asked for, and no exception holds.
  if (patterns.length > 0) return { ...plus(d, ...plain.map(([from]) => from), ...patterns.map(([from]) => from)), except: [] }
  const asked = plain.filter(([, to]) => wants(d, to)).map(([from]) => from)
  // The old names do not exist afterwards, the new ones are made here.
  const left = minus(d, ...plain.flat())
  return { ...plus(left, ...asked), except: left.except.filter((e) => !asked.includes(e)) }
}

/** The names of a batch that are wanted: plain ones as asked, whether there or not, then those that a wildcard finds. */
export function namesWanted(b: Batch, d: Demand): string[] {
  const plain = d.fields.filter((f) => !hasWildcard(f))
  return wantsPattern(d) ? distinct([...b.names().filter((n) => wants(d, n)), ...plain]) : plain
}
