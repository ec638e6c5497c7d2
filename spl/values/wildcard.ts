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
  const fold = (text: string) => (caseless ? text.toLowerCase() : text)
  return { pattern, plain: false, test: (text) => matchParts(parts, fold(text)), captures: capturesOf(pattern, caseless) }
}

/** Greedy search for the inner parts between a fixed head and tail: linear, where a RegExp can backtrack. */
function matchParts(parts: readonly string[], text: string): boolean {
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

function capturesOf(pattern: string, caseless: boolean) {
  const source = pattern.split('*').map(escapeRegex).join('([\\s\\S]*)')
  const regex = new RegExp(`^${source}$`, caseless ? 'i' : '')
  return (text: string) => regex.exec(text)?.slice(1)
}

export const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Puts captured texts at the stars of a target pattern. */
export function fillWildcard(target: string, captures: readonly string[]): string {
  let next = 0
  return target.replace(/\*/g, () => captures[next++] ?? '')
}
