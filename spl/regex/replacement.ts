import type { RegexMatch } from './match'

/** What takes the place of a match: texts, and numbers of groups. */
export type Replacement = readonly (string | number)[]

/**
 * Reads a replacement: `\0` to `\9` are groups (0 the whole match), `\\` is a backslash, any other backslash and `$` stand for themselves.
 * @param escapes  further letters after a backslash, each with what it means
 * @source Search Reference 9.x, replace()
 */
export function readReplacement(text: string, escapes: ReadonlyMap<string, string> = new Map()): Replacement {
  const parts: (string | number)[] = []
  let plain = ''
  for (const piece of text.match(/\\?[\s\S]/g) ?? []) {
    if (/^\\[0-9]/.test(piece)) {
      if (plain) parts.push(plain)
      plain = ''
      parts.push(Number(piece[1]))
    } else plain += piece === '\\\\' ? '\\' : (escapes.get(piece.slice(1)) ?? piece)
  }
  if (plain) parts.push(plain)
  return parts
}

/** A group that took no part, or that the pattern does not have, gives nothing. */
export function fill(replacement: Replacement, match: RegexMatch): string {
  let out = ''
  for (const part of replacement) out += typeof part === 'string' ? part : (match.group(part) ?? '')
  return out
}
