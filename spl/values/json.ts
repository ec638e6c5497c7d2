/**
 * JSON with what JSON.parse loses: numbers stay as they were written, keys keep their order even where they look like numbers.
 * A key that stands twice keeps its first place and its last value.
 */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject
export interface JsonNumber {
  readonly number: string
}
export type JsonObject = ReadonlyMap<string, Json>

export const isArray = (j: Json | undefined): j is readonly Json[] => Array.isArray(j)
export const isObject = (j: Json | undefined): j is JsonObject => j instanceof Map
export const jsonNumber = (text: string): JsonNumber => ({ number: text })

const BLANKS = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them inside a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const UNUSUAL = /[\\\u0000-\u001f]/
/** Deeper nesting is no JSON for us: the reader calls itself. */
const DEPTH = 500

/** What a text says, or undefined where it is no JSON text (RFC 8259) as a whole. */
export function parseJson(text: string): Json | undefined {
  const reader = new JsonReader(text)
  const value = reader.value(0)
  reader.skipBlanks()
  return reader.pos === text.length ? value : undefined
}

class JsonReader {
  pos = 0
  constructor(private readonly text: string) {}

  skipBlanks(): void {
    if (this.text.charCodeAt(this.pos) > 32) return
    BLANKS.lastIndex = this.pos
    BLANKS.test(this.text)
    this.pos = BLANKS.lastIndex
  }

  private match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.pos
    if (!sticky.test(this.text)) return undefined
    const start = this.pos
    this.pos = sticky.lastIndex
    return this.text.slice(start, this.pos)
  }

  private takes(c: string): boolean {
    this.skipBlanks()
    if (this.text[this.pos] !== c) return false
    this.pos++
    return true
  }

  value(depth: number): Json | undefined {
    this.skipBlanks()
    if (depth > DEPTH) return undefined
    const c = this.text[this.pos]
    if (c === '"') return this.string()
    if (c === '{') return this.object(depth)
    if (c === '[') return this.array(depth)
    return this.word('true', true) ?? this.word('false', false) ?? (this.word('null', true) ? null : this.number())
  }

  private word(word: string, value: boolean): boolean | undefined {
    if (!this.text.startsWith(word, this.pos)) return undefined
    this.pos += word.length
    return value
  }

  private number(): JsonNumber | undefined {
    const text = this.match(NUMBER)
    return text === undefined ? undefined : { number: text }
  }

  private string(): string | undefined {
    // Most strings are plain, and found faster without the pattern.
    const end = this.text[this.pos] === '"' ? this.text.indexOf('"', this.pos + 1) : -1
    const plain = this.text.slice(this.pos + 1, end)
    if (end >= 0 && !UNUSUAL.test(plain)) {
      this.pos = end + 1
      return plain
    }
    const literal = this.match(STRING)
    if (literal === undefined) return undefined
    return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1)
  }

  private array(depth: number): Json | undefined {
    this.pos++
    const items: Json[] = []
    if (this.takes(']')) return items
    do {
      const item = this.value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    } while (this.takes(','))
    return this.takes(']') ? items : undefined
  }

  private object(depth: number): Json | undefined {
    this.pos++
    const members = new Map<string, Json>()
    if (this.takes('}')) return members
    do {
      this.skipBlanks()
      const key = this.string()
      if (key === undefined || !this.takes(':')) return undefined
      const value = this.value(depth + 1)
      if (value === undefined) return undefined
      members.set(key, value)
    } while (this.takes(','))
    return this.takes('}') ? members : undefined
  }
}

/** What a text is as JSON, or the text itself as a string. */
export function inferred(text: string): Json {
  const j = parseJson(text)
  return j === undefined ? text : j
}

/** JSON text without blanks. */
export function jsonText(j: Json): string {
  if (j === null) return 'null'
  if (typeof j === 'string') return JSON.stringify(j)
  if (typeof j === 'boolean') return String(j)
  if (isArray(j)) return `[${j.map(jsonText).join(',')}]`
  if (isObject(j)) return `{${[...j].map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(',')}}`
  return j.number
}

/** What a field shows of a value: a string without its quotes, a number as it was written, arrays and objects as JSON text; nothing for null. */
export function fieldText(j: Json): string | null {
  return j === null ? null : typeof j === 'string' ? j : jsonText(j)
}
