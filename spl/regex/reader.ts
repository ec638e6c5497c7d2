import { RegexProblem } from './problem'

/** The option letters in force at a place; a group gets a copy. `xx`: blanks count for nothing in brackets either. */
export interface Flags {
  i: boolean
  m: boolean
  s: boolean
  x: boolean
  xx: boolean
  n: boolean
  J: boolean
  U: boolean
}

const BLANK = /[\t-\r \x85\u200e\u200f\u2028\u2029]/

/** Walks along a pattern and counts its groups. */
export class Reader {
  at = 0
  groups = 0
  depth = 0
  /** Between `\Q` and `\E`. */
  quoted = false
  readonly names = new Map<string, number[]>()
  constructor(readonly pattern: string) {}

  get done(): boolean {
    return this.at >= this.pattern.length
  }

  peek(ahead = 0): string {
    return this.pattern[this.at + ahead] ?? ''
  }

  looksAt(text: string): boolean {
    return this.pattern.startsWith(text, this.at)
  }

  take(text: string): boolean {
    if (!this.looksAt(text)) return false
    this.at += text.length
    return true
  }

  /** The next code point. */
  character(): number {
    const code = this.pattern.codePointAt(this.at)!
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  /** What a sticky expression finds here; the place moves behind it. */
  run(sticky: RegExp): string {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.pattern)?.[0] ?? ''
    this.at += found.length
    return found
  }

  /** Steps over `\Q`, `\E` and what they enclose when it is empty. */
  skipQuoting(): void {
    for (;;) {
      if (this.take('\\E')) this.quoted = false
      else if (!this.quoted && this.take('\\Q')) this.quoted = true
      else return
    }
  }

  /** Steps over what stands between items: quoting marks, comments, and under `x` blanks and `#` to the end of the line. */
  skip(flags: Flags): void {
    for (;;) {
      const before = this.at
      this.skipQuoting()
      if (this.quoted) return
      if (this.looksAt('(?#')) this.skipComment()
      else if (flags.x && BLANK.test(this.peek())) this.at++
      else if (flags.x && this.peek() === '#') this.run(/[^\n]*/y)
      if (this.at === before) return
    }
  }

  private skipComment(): void {
    const end = this.pattern.indexOf(')', this.at)
    if (end < 0) throw new RegexProblem('missing ) after (?# comment', this.pattern.length)
    this.at = end + 1
  }

  /** name <end>: letters, digits and underscores, at most 32. */
  name(end: string): string {
    const start = this.at
    const name = this.run(/[\p{L}\p{Nd}_]+/uy)
    if (name === '') throw new RegexProblem('subpattern name expected', start)
    if (/^\p{Nd}/u.test(name)) throw new RegexProblem('subpattern name must start with a non-digit', start)
    if (name.length > 32) throw new RegexProblem('subpattern name is too long (maximum 32 code units)', this.at)
    if (!this.take(end)) throw new RegexProblem('syntax error in subpattern name (missing terminator?)', this.at)
    return name
  }

  /** Numbers the group that opens here. */
  open(name: string | undefined, flags: Flags): number {
    const number = ++this.groups
    if (name === undefined) return number
    const numbers = this.names.get(name)
    if (!numbers) this.names.set(name, [number])
    else if (flags.J) numbers.push(number)
    else throw new RegexProblem('two named subpatterns have the same name (PCRE2_DUPNAMES not set)', this.at - 1)
    return number
  }
}
