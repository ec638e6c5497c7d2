import { type Wildcard, wildcard } from './wildcard'

/** Fields whose names begin with `_`: wildcards and "all fields" pass them over. */
export const isInternal = (name: string): boolean => name.startsWith('_')

/** A pattern of a field list: a wildcard finds internal fields only where it begins with `_` itself. */
export function fieldWildcard(pattern: string): Wildcard {
  const w = wildcard(pattern)
  if (w.plain || isInternal(pattern)) return w
  return { ...w, test: (name) => !isInternal(name) && w.test(name), captures: (name) => (isInternal(name) ? undefined : w.captures(name)) }
}

/** Whether one of the patterns names a field. */
export function anyField(patterns: readonly string[]): (name: string) => boolean {
  const plain = new Set(patterns.filter((p) => !p.includes('*')))
  const wild = patterns.filter((p) => p.includes('*')).map(fieldWildcard)
  return (name) => plain.has(name) || wild.some((w) => w.test(name))
}
