import { check, type Reference } from './check'
import { FoundMatch, type RegexMatch } from './match'
import { parse } from './parse'
import { RegexProblem } from './problem'
import { fill, type Replacement, readReplacement } from './replacement'
import { isRisky } from './risk'
import type { Back, Tree } from './tree'
import { needsLastNewline, needsPairs, write } from './write'

export interface RegexOptions {
  /** `.` takes a newline too, as under `(?s)`. */
  readonly dotAll?: boolean
  /** `^` and `$` hold at lines, as under `(?m)`. */
  readonly multiline?: boolean
  /** As under `(?i)`. */
  readonly caseless?: boolean
}

/** A PCRE2 pattern that runs on JavaScript's RegExp. Immutable, shared by all who compile the same pattern. */
export interface Regex {
  readonly pattern: string
  /** What JavaScript runs for ordinary texts, without its flags. */
  readonly source: string
  /** Names of groups in order of appearance. */
  readonly names: readonly string[]
  /** Number of groups, as PCRE2 counts. */
  readonly groups: number
  /** Whether it can backtrack badly and belongs under `guarded`. */
  readonly risky: boolean
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean
  /**
   * The first match that begins at `from` or later; what stands before `from` is still seen by lookbehinds, `^` and `\b`.
   * @param places  whether `span` will be asked for (costs about as much again)
   */
  exec(text: string, from?: number, places?: boolean): RegexMatch | null
  /** Up to `limit` matches from left to right; an empty one moves on by one character. */
  matches(text: string, limit?: number, places?: boolean): RegexMatch[]
  /** The text with every match replaced; `replacement` as `readReplacement` reads it when it is a text. */
  replaceAll(text: string, replacement: string | Replacement): string
  /** The text with its nth match (from 1) replaced. */
  replaceNth(text: string, n: number, replacement: string | Replacement): string
}

const splitsPair = (text: string, at: number) => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff && at > 0 && text.codePointAt(at - 1)! > 0xffff
}
const SURROGATE = /[\ud800-\udfff]/
const KEPT = 512

const cache = new Map<string, Regex>()

/**
 * Compiles a PCRE2 pattern as Splunk does: UTF, without UCP (`\w`, `\d`, `\s` are ASCII), nothing anchored.
 * @throws RegexProblem  with PCRE2's wording, or `supported: false` for what JavaScript cannot be made to do
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  const key = `${options.caseless ? 'i' : ''}${options.multiline ? 'm' : ''}${options.dotAll ? 's' : ''}/${pattern}`
  const known = cache.get(key)
  const regex = known ?? new Translated(pattern, options)
  // Taken out and put back, so that the map's first key is the one longest unused.
  cache.delete(key)
  cache.set(key, regex)
  if (cache.size > KEPT) cache.delete(cache.keys().next().value!)
  return regex
}

class Translated implements Regex {
  readonly source: string
  readonly names: readonly string[]
  readonly groups: number
  readonly risky: boolean
  private readonly tree: Tree
  private readonly references: ReadonlyMap<Back, Reference>
  private readonly pairs: boolean
  private readonly lastNewline: boolean
  private readonly flags: string
  private readonly plain: RegExp
  private readonly numbers: readonly number[]
  private exact: RegExp | undefined
  private readonly placing = new Map<RegExp, RegExp>()

  constructor(
    readonly pattern: string,
    options: RegexOptions,
  ) {
    this.tree = parse(pattern, { i: options.caseless ?? false, m: options.multiline ?? false, s: options.dotAll ?? false })
    this.references = check(this.tree)
    const written = write(this.tree, { references: this.references, exact: false })
    this.source = written.source
    this.numbers = written.groups
    this.names = [...this.tree.names.keys()]
    this.groups = this.tree.groups
    this.risky = isRisky(this.tree.root)
    this.pairs = needsPairs(this.tree.root)
    this.lastNewline = needsLastNewline(this.tree.root)
    this.flags = written.caseless ? 'gi' : 'g'
    this.plain = this.made(this.source)
  }

  /** The expression for a text: the plain one where it means the same, as it is faster. */
  private for(text: string): RegExp {
    if (!(this.lastNewline && text.endsWith('\n')) && !(this.pairs && SURROGATE.test(text))) return this.plain
    this.exact ??= this.made(write(this.tree, { references: this.references, exact: true }).source)
    return this.exact
  }

  private made(source: string): RegExp {
    try {
      return new RegExp(source, this.flags)
    } catch (e) {
      // V8 has limits of its own: too many captures, an expression too large.
      throw new RegexProblem(`regular expression is too large (${e instanceof Error ? e.message : e})`, this.pattern.length, false)
    }
  }

  private withPlaces(expression: RegExp): RegExp {
    const known = this.placing.get(expression)
    if (known) return known
    const made = new RegExp(expression.source, `${expression.flags}d`)
    this.placing.set(expression, made)
    return made
  }

  test(text: string): boolean {
    const expression = this.for(text)
    if (expression !== this.plain) return this.exec(text) !== null
    expression.lastIndex = 0
    return expression.test(text)
  }

  exec(text: string, from = 0, places = false): RegexMatch | null {
    const expression = places ? this.withPlaces(this.for(text)) : this.for(text)
    expression.lastIndex = from
    let found = expression.exec(text)
    // Nothing but an empty match can begin between the halves of a pair, where PCRE2 has no place.
    while (found && splitsPair(text, found.index)) {
      expression.lastIndex = found.index + 1
      found = expression.exec(text)
    }
    return found && new FoundMatch(found, { numbers: this.numbers, names: this.tree.names })
  }

  matches(text: string, limit = Number.POSITIVE_INFINITY, places = false): RegexMatch[] {
    const out: RegexMatch[] = []
    for (let from = 0; out.length < limit && from <= text.length; ) {
      const match = this.exec(text, from, places)
      if (!match) break
      out.push(match)
      from = match.end > match.start ? match.end : match.end + (text.codePointAt(match.end)! > 0xffff ? 2 : 1)
    }
    return out
  }

  replaceAll(text: string, replacement: string | Replacement): string {
    return this.replace(text, this.matches(text), replacement)
  }

  replaceNth(text: string, n: number, replacement: string | Replacement): string {
    return this.replace(text, this.matches(text, n).slice(n - 1), replacement)
  }

  private replace(text: string, matches: readonly RegexMatch[], replacement: string | Replacement): string {
    if (matches.length === 0) return text
    const parts = typeof replacement === 'string' ? readReplacement(replacement) : replacement
    let out = ''
    let end = 0
    for (const match of matches) {
      out += text.slice(end, match.start) + fill(parts, match)
      end = match.end
    }
    return out + text.slice(end)
  }
}
