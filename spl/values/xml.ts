/** A small reader of XML as events hold it: elements, attributes, text, references, CDATA, comments, processing instructions. No DTD. */

export interface XmlElement {
  /** With its prefix, as written. */
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** Texts and elements in order; neighbouring texts and CDATA are one text. */
  readonly children: readonly XmlNode[]
  /** What stands between the tags, as written. */
  readonly inner: string
}
export type XmlNode = string | XmlElement

interface Open {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlNode[]
  readonly start: number
}

const NAME = '[A-Za-z_:\\u0080-\\uffff][\\w:.\\-\\u0080-\\uffff]*'
const OPENING = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y')
const CLOSING = new RegExp(`</(${NAME})\\s*>`, 'y')
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g')
const CDATA = '<![CDATA['
/** What is no element: comments, processing instructions and a document type without an internal subset say nothing. */
const MARKED: readonly (readonly [start: string, end: string])[] = [
  [CDATA, ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!DOCTYPE', '>'],
]
const NONE: ReadonlyMap<string, string> = new Map()

/**
 * The top-level elements and texts of a text, or undefined where it is not well-formed or has no element. Several elements side by
 * side are allowed: an event often holds a piece of a document.
 */
export function parseXml(text: string): readonly XmlNode[] | undefined {
  const scanner = new XmlScanner(text)
  const nodes = scanner.read()
  return nodes?.some((n) => typeof n !== 'string') ? nodes : undefined
}

class XmlScanner {
  private pos = 0
  private readonly stack: Open[] = []
  private readonly top: XmlNode[] = []

  constructor(private readonly text: string) {}

  private get children(): XmlNode[] {
    return this.stack.at(-1)?.children ?? this.top
  }

  read(): readonly XmlNode[] | undefined {
    while (this.pos < this.text.length) if (!this.step()) return undefined
    return this.stack.length === 0 ? this.top : undefined
  }

  private step(): boolean {
    if (this.text[this.pos] !== '<') {
      const end = this.text.indexOf('<', this.pos)
      const raw = this.text.slice(this.pos, end < 0 ? undefined : end)
      this.pos += raw.length
      return this.addText(unescapeXml(raw))
    }
    const second = this.text[this.pos + 1]
    if (second === '/') return this.close()
    return second === '!' || second === '?' ? this.pass() : this.open()
  }

  private addText(text: string): boolean {
    const { children } = this
    const before = children.at(-1)
    if (typeof before === 'string') children[children.length - 1] = before + text
    else if (text !== '') children.push(text)
    return true
  }

  private pass(): boolean {
    const kind = MARKED.find(([start]) => this.text.startsWith(start, this.pos))
    const start = this.pos + (kind?.[0].length ?? 0)
    const end = kind ? this.text.indexOf(kind[1], start) : -1
    if (!kind || end < 0) return false
    this.pos = end + kind[1].length
    return kind[0] !== CDATA || this.addText(this.text.slice(start, end))
  }

  private open(): boolean {
    OPENING.lastIndex = this.pos
    const m = OPENING.exec(this.text)
    if (!m) return false
    this.pos = OPENING.lastIndex
    const name = m[1]!
    const attributes = m[2] === '' ? NONE : attributesOf(m[2]!)
    if (m[3]) this.children.push({ name, attributes, children: [], inner: '' })
    else this.stack.push({ name, attributes, children: [], start: this.pos })
    return true
  }

  private close(): boolean {
    CLOSING.lastIndex = this.pos
    const m = CLOSING.exec(this.text)
    const open = this.stack.pop()
    if (!m || !open || open.name !== m[1]) return false
    const { start, ...element } = open
    this.children.push({ ...element, inner: this.text.slice(start, this.pos) })
    this.pos = CLOSING.lastIndex
    return true
  }
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  ATTRIBUTE.lastIndex = 0
  for (let a = ATTRIBUTE.exec(text); a; a = ATTRIBUTE.exec(text)) found.set(a[1]!, unescapeXml(a[2] ?? a[3]!))
  return found
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The five named references and numbered ones as characters; anything else stays as written. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g,
    (all: string, hex?: string, decimal?: string, name?: string) => {
      if (name) return NAMED[name]!
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
      return code > 0x10ffff ? all : String.fromCodePoint(code)
    },
  )
}

const isElement = (n: XmlNode): n is XmlElement => typeof n !== 'string'
export const elementsOf = (nodes: readonly XmlNode[]): readonly XmlElement[] => nodes.filter(isElement)

/** What a field shows of an element: its text, or what stands between its tags where it has elements inside. */
export function elementText(e: XmlElement): string {
  return e.children.some(isElement) ? e.inner.trim() : e.children.join('').trim()
}
