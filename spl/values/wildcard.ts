/** `*` patterns: in field lists, in values of `search`, in index names. */

/** A pattern as a test of whole texts. `*` stands for any run of characters; nothing escapes it. */
export interface Wildcard {
  readonly pattern: string
  readonly plain: boolean
  test(text: string): boolean
  /** The texts that the stars stood for, or undefined. */
  captures(text: string): readonly string[] | undefined
}

export const hasWildcard = (text: string): boolean => text.includes('*')

/** @param caseless  compare without case, as values in `search` do; field names keep theirs. */
export function wildcard(pattern: string, caseless = false): Wildcard {
  if (!hasWildcard(pattern)) {
    const wanted = caseless ? pattern.toLowerCase() : pattern
    const test = (text: string) => (caseless ? text.toLowerCase() : text) === wanted
    return { pattern, plain: true, test, captures: (text) => (test(text) ? [] : undefined) }
  }
  const parts = (caseless ? pattern.toLowerCase() : pattern).split(/\*+/)
  const stars = runsOfStars(pattern)
  const fold = (text: string) => (caseless ? text.toLowerCase() : text)
  return {
    pattern,
    plain: false,
    test: (text) => matchParts(parts, fold(text)),
    captures: (text) => capturesOf(parts, stars, text, fold(text)),
  }
}

/** Greedy search for the inner parts between a fixed head and tail: linear, where a RegExp can backtrack. */
export function matchParts(parts: readonly string[], text: string): boolean {
  const head = parts[0]!
  const tail = parts[parts.length - 1]!
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false
  let at = head.length
  const end = text.length - tail.length
  for (let i = 1; i < parts.length - 1; i++) {
    const found = text.indexOf(parts[i]!, at)
    if (found < 0 || found + parts[i]!.length > end) return false
    at = found + parts[i]!.length
  }
  return at <= end
}

/** How many stars stand together, run after run: only the first of a run stands for anything. */
const runsOfStars = (pattern: string): readonly number[] => [...pattern.matchAll(/\*+/g)].map((m) => m[0].length)

/** Each star takes as much as it can, the first one first: the inner parts lie as far to the right as they fit. Linear, too. */
function capturesOf(parts: readonly string[], stars: readonly number[], text: string, folded: string): readonly string[] | undefined {
  if (!matchParts(parts, folded)) return undefined
  const out: string[] = []
  // Some letters change their length with their case.
  const shown = folded.length === text.length ? text : folded
  let end = shown.length - parts[parts.length - 1]!.length
  for (let i = parts.length - 2; i >= 0; i--) {
    const from = i === 0 ? 0 : folded.lastIndexOf(parts[i]!, end - parts[i]!.length)
    for (let k = 1; k < stars[i]!; k++) out.unshift('')
    out.unshift(shown.slice(from + parts[i]!.length, end))
    end = from
  }
  return out
}

export const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Puts captured texts at the stars of a target pattern. */
export function fillWildcard(target: string, captures: readonly string[]): string {
  let next = 0
  return target.replace(/\*/g, () => captures[next++] ?? '')
}
