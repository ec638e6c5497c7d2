import type { Span } from './source'

const BLANK = /[\s]/

/** Reads characters of a part of a text; places are those of the whole text. */
export class Reader {
  pos: number
  constructor(
    readonly text: string,
    start = 0,
    readonly end = text.length,
  ) {
    this.pos = start
  }
  get atEnd(): boolean {
    return this.pos >= this.end
  }
  /** The character at the place, or '' at the end. */
  get char(): string {
    return this.pos < this.end ? this.text[this.pos]! : ''
  }
  peek(ahead: number): string {
    return this.pos + ahead < this.end ? this.text[this.pos + ahead]! : ''
  }
  skipBlanks(): void {
    while (this.pos < this.end && BLANK.test(this.text[this.pos]!)) this.pos++
  }
  /** Blanks and commas: what may stand between the members of a list. */
  skipSeparators(): void {
    while (this.pos < this.end && (this.text[this.pos] === ',' || BLANK.test(this.text[this.pos]!))) this.pos++
  }
  startsWith(s: string): boolean {
    return this.pos + s.length <= this.end && this.text.startsWith(s, this.pos)
  }
  /** Takes what the sticky pattern matches here, cut at the end of the part (`span=1h|stats` without blanks), or nothing. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.pos
    const found = sticky.exec(this.text)?.[0].slice(0, Math.max(0, this.end - this.pos))
    if (found === undefined || found === '') return undefined
    this.pos += found.length
    return found
  }
  /** Whether the keyword stands here as a whole word, whatever its case. */
  atWord(word: string): boolean {
    const to = this.pos + word.length
    if (to > this.end || this.text.slice(this.pos, to).toLowerCase() !== word.toLowerCase()) return false
    return to >= this.end || !/[\w.:{}@-]/.test(this.text[to]!)
  }
  /** Takes the keyword when it stands here. */
  takeWord(word: string): boolean {
    if (!this.atWord(word)) return false
    this.pos += word.length
    return true
  }
  from(start: number): Span {
    return { start, end: this.pos }
  }
  rest(): string {
    return this.text.slice(this.pos, this.end)
  }
}

/**
 * The end of the quoted text that begins at `start`: past its closing quote, or −1. A backslash hides the character after it.
 * @param quote `"` or `'`
 */
export function quoteEnd(text: string, start: number, end: number, quote = '"'): number {
  for (let i = start + 1; i < end; i++) {
    const c = text[i]!
    if (c === '\\') i++
    else if (c === quote) return i + 1
  }
  return -1
}

/**
 * The search-string layer of a double-quoted text: `\"` is a quote, `\\` a backslash, any other `\x` stays two characters.
 * @source Search Manual, "Quotes and escaping"; the same rule is what shipped add-ons rely on (`"(.*)\\\(.+)$"`)
 */
export const unescapeQuoted = (inner: string): string => inner.replace(/\\(["\\])/g, '$1')
