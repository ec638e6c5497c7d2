import { compareTexts } from '../spl/values/compare'
import { wildcard } from '../spl/values/wildcard'

/** Indexes that every store has. @source indexes.conf, defaults */
export const DEFAULT_INDEXES: readonly string[] = ['_audit', '_internal', 'history', 'main', 'summary']

/** Lower-case letters, digits, `_` and `-`; not `-` first, not `kvstore` inside. @source Managing Indexers, "Create custom indexes" */
export const validIndexName = (name: string): boolean => /^[a-z0-9_][a-z0-9_-]{0,254}$/.test(name) && !name.includes('kvstore')

/** Whether a pattern names an index: without case; `*` alone or first does not reach the internal ones, whose names begin with `_`. */
export function namesIndex(pattern: string, index: string): boolean {
  if (index.startsWith('_') && pattern.startsWith('*')) return false
  return wildcard(pattern, true).test(index)
}

/** Those of `all` that some of `patterns` and some of `allowed` name, in byte order. */
export function chosenIndexes(all: readonly string[], patterns: readonly string[], allowed: readonly string[]): string[] {
  const named = (by: readonly string[], index: string) => by.some((p) => namesIndex(p, index))
  return all.filter((i) => named(patterns, i) && named(allowed, i)).sort(compareTexts)
}
