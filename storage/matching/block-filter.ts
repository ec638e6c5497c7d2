import { type Predicate, parts } from '../../spl/expressions/predicate'
import { type MetadataField, metadataTest } from './metadata-test'

/** What is known of all events of a block without opening it. */
export interface BlockFacts {
  readonly index: string
  readonly sourcetype: string
  readonly source: string
  readonly hosts: readonly string[]
}

/** @param unknown what is answered where only the events can tell: true gives "may match", false "surely matches" */
type Bound = (facts: BlockFacts, unknown: boolean) => boolean

/** Whether some event of a block may match, judged by its metadata; undefined when the filter says nothing about them. */
export function blockFilter(p: Predicate): ((facts: BlockFacts) => boolean) | undefined {
  const bound = boundOf(p)
  return bound && ((facts) => bound(facts, true))
}

function boundOf(p: Predicate): Bound | undefined {
  if ('always' in p) return () => p.always
  if ('not' in p) {
    const inner = boundOf(p.not)
    return inner && ((facts, unknown) => !inner(facts, !unknown))
  }
  if ('and' in p) return bothOf(parts(p).map(boundOf))
  if ('or' in p) return eitherOf(parts(p).map(boundOf))
  const leaf = metadataTest(p)
  if (!leaf) return undefined
  return (facts, unknown) => {
    const values = valuesOf(facts, leaf.field)
    return unknown ? values.some(leaf.test) : values.every(leaf.test)
  }
}

const valuesOf = (facts: BlockFacts, field: MetadataField): readonly string[] => (field === 'host' ? facts.hosts : [facts[field]])

function bothOf(all: readonly (Bound | undefined)[]): Bound | undefined {
  const known = all.filter((b) => b !== undefined)
  const open = known.length < all.length
  if (known.length === 0 && open) return undefined
  return (facts, unknown) => (unknown || !open) && known.every((b) => b(facts, unknown))
}
function eitherOf(all: readonly (Bound | undefined)[]): Bound | undefined {
  const known = all.filter((b) => b !== undefined)
  const open = known.length < all.length
  if (known.length === 0 && open) return undefined
  return (facts, unknown) => (unknown && open) || known.some((b) => b(facts, unknown))
}
