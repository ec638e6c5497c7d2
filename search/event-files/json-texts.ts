/** Cuts the JSON objects out of a text that comes in pieces: one a line, one after another, or the members of a list. */
export class JsonTexts {
  private held = ''
  /** Where the next look at `held` begins, and where the object that is open there began. */
  private at = 0
  private start = -1
  private depth = 0
  private inText = false

  /** @param name  what a message calls the source. */
  constructor(private readonly name: string) {}

  /** @throws Error for what stands between two objects and is none */
  *feed(piece: string): Generator<string> {
    this.held += piece
    while (this.at < this.held.length) {
      if (this.start < 0) this.skipBetween()
      else if (this.inText) this.skipText()
      else if (this.step()) yield this.cut()
    }
    if (this.start < 0) this.held = ''
    else this.held = this.held.slice(this.start)
    this.at -= this.start < 0 ? this.at : this.start
    this.start = this.start < 0 ? -1 : 0
  }

  /** @throws Error when an object is still open */
  end(): void {
    if (this.start >= 0) throw new Error(`${this.name}: the last JSON object is not closed: ${shortened(this.held)}`)
  }

  private skipBetween(): void {
    const c = this.held[this.at]!
    if (c === '{') this.start = this.at
    else if (!/[\s[\],\uFEFF]/.test(c)) throw new Error(`${this.name}: this is no JSON object: ${shortened(this.held.slice(this.at))}`)
    else this.at++
  }
  private skipText(): void {
    IN_TEXT.lastIndex = this.at
    const found = IN_TEXT.exec(this.held)
    // A backslash at the end of a piece waits for what it escapes: `at` then lies beyond the piece.
    this.at = found ? found.index + (found[0] === '"' ? 1 : 2) : this.held.length
    if (found?.[0] === '"') this.inText = false
  }
  /** Goes to the next brace or quote. @returns whether an object was closed */
  private step(): boolean {
    MARK.lastIndex = this.at
    const found = MARK.exec(this.held)
    if (!found) {
      this.at = this.held.length
      return false
    }
    this.at = found.index + 1
    if (found[0] === '"') this.inText = true
    else this.depth += found[0] === '{' ? 1 : -1
    return this.depth === 0 && !this.inText
  }
  private cut(): string {
    const text = this.held.slice(this.start, this.at)
    this.start = -1
    return text
  }
}

const MARK = /[{}"]/g
const IN_TEXT = /["\\]/g
const shortened = (text: string): string => {
  const line = text.slice(0, 80).split(/[\r\n]/)[0]!
  return line.length < text.length ? `${line} …` : line
}
