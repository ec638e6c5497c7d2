import type { Predicate } from '../../spl/expressions/predicate'
import { cidr } from '../../spl/values/ip'
import { wildcard } from '../../spl/values/wildcard'
import { namesIndex } from '../index-names'

export type MetadataField = 'index' | 'host' | 'source' | 'sourcetype'
const FIELDS: readonly string[] = ['index', 'host', 'source', 'sourcetype']

/** A comparison of what a store keeps about every event. */
export interface MetadataTest {
  readonly field: MetadataField
  test(value: string): boolean
}

/**
 * A leaf of a filter as such a comparison; undefined when it is something else. The events' own metadata is meant: who renames or computes
 * these fields at search time must not hand such a comparison down. Agrees with the evaluator of `search` on each value.
 */
export function metadataTest(p: Predicate): MetadataTest | undefined {
  if ('compare' in p) {
    const [field, op, value] = p.compare
    const same = op === '=' || op === '!=' ? equality(field, value, p.exactCase === true) : undefined
    return same && { field: field as MetadataField, test: op === '=' ? same : (x) => !same(x) }
  }
  if ('indexed' in p) return of(p.indexed[0], [p.indexed[1]])
  return 'in' in p ? of(p.in[0], p.in[1]) : undefined
}

function of(field: string, values: readonly string[]): MetadataTest | undefined {
  const tests = values.map((v) => equality(field, v, false))
  if (!FIELDS.includes(field) || tests.includes(undefined)) return undefined
  return { field: field as MetadataField, test: (x) => tests.some((t) => t!(x)) }
}

function equality(field: string, value: string, exactCase: boolean): ((x: string) => boolean) | undefined {
  if (!FIELDS.includes(field) || cidr(value)) return undefined // addresses in a network are the evaluator's
  if (field === 'index' && value.includes('*')) return exactCase ? undefined : (x) => namesIndex(value, x)
  const w = wildcard(value, !exactCase)
  return (x) => w.test(x)
}
