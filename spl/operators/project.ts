import { type Batch, renamed, rowsOf, sortedNames } from '../batch/batch'
import { hasValue } from '../batch/gather'
import { anyField, fieldWildcard } from '../values/field-pattern'
import { hasWildcard } from '../values/wildcard'

/** Only the fields of a list, in its order. @param also  fields that stay although the list does not name them; they stand last */
export function keepFields(patterns: readonly string[], also?: (name: string) => boolean): (b: Batch) => Batch {
  const listed = anyField(patterns)
  const from = (name: string) => (listed(name) || also?.(name) ? name : undefined)
  // Asking for the names of events costs a scan, which a plain list does without.
  if (!also && !patterns.some(hasWildcard)) return (b) => renamed(b, from, () => patterns)
  return (b) => renamed(b, from, (base) => listNames(base, patterns, also))
}

function listNames(base: Batch, patterns: readonly string[], also?: (name: string) => boolean): readonly string[] {
  const there = sortedNames(base.names())
  const filled = (n: string) => hasValue(base.column(n), rowsOf(base))
  const names = new Set<string>()
  for (const p of patterns) {
    if (!hasWildcard(p)) names.add(p)
    else for (const n of there.filter((t) => !names.has(t) && fieldWildcard(p).test(t) && filled(t))) names.add(n)
  }
  for (const n of there) if (also?.(n)) names.add(n)
  return [...names]
}

/** Without the fields of a list. */
export function dropFields(patterns: readonly string[]): (b: Batch) => Batch {
  const listed = anyField(patterns)
  return (b) =>
    renamed(
      b,
      (name) => (listed(name) ? undefined : name),
      (base) => base.names().filter((n) => !listed(n)),
    )
}
