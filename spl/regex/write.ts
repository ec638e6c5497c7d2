import type { Reference } from './check'
import { closed, variants } from './fold'
import { unsupported } from './problem'
import { type Back, extent, type Node, type Place, type Repeat, type Tree, walk } from './tree'
import { escaped, isWide, writeSet } from './write-set'

/** A pattern as JavaScript has it. */
export interface Written {
  readonly source: string
  /** Ignore case by JavaScript's own flag; else folded into the text. */
  readonly caseless: boolean
  /** JavaScript's group for each of PCRE2's, from 1 (at 0: 0). */
  readonly groups: readonly number[]
}

export interface WriteOptions {
  readonly references: ReadonlyMap<Back, Reference>
  /** Right for every text; else for one without characters past U+FFFF and without a newline at its end, where V8 is faster. */
  readonly exact: boolean
}

const PLACES: Readonly<Record<Place, string>> = {
  start: '^',
  // Not behind a newline that ends the text (pcre2pattern, "Circumflex and dollar").
  'line start': '(?:^|(?<=\\n)(?!$))',
  end: '(?=\\n?$)',
  'line end': '(?=\\n|$)',
  'very end': '$',
  'word border': '\\b',
  'no word border': '\\B',
}
// \R is atomic: once it stands before \r\n it takes both.
const NEWLINE = '(?:\\r\\n|(?!\\r\\n)[\\n-\\r\\x85\\u2028\\u2029])'

export function write(tree: Tree, options: WriteOptions): Written {
  const caseless = ignoresCase(tree.root)
  const writer = new Writer(options, caseless)
  return { source: writer.choice(tree.root), caseless, groups: writer.groups }
}

/** Whether pairs of surrogates need the exact form: where a set holds them, or an empty match might stand between the two. */
export function needsPairs(root: Node): boolean {
  for (const node of walk(root)) if (node.kind === 'set' && isWide(node.set)) return true
  return extent(root, () => [0, 0])[0] === 0
}

/** Whether a newline that ends the text needs the exact form. */
export function needsLastNewline(root: Node): boolean {
  for (const node of walk(root)) if (node.kind === 'place' && node.place === 'end') return true
  return false
}

/** Whether the `i` flag says what the pattern means throughout. */
function ignoresCase(root: Node): boolean {
  const nodes = [...walk(root)]
  const cased = nodes.filter((node) => node.kind === 'back' || (node.kind === 'character' && variants(node.code).length > 1))
  if (cased.length === 0 || cased.some((node) => 'caseless' in node && !node.caseless)) return false
  return nodes.every((node) => node.kind !== 'set' || closed(node.set))
}

class Writer {
  readonly groups: number[] = [0]
  private count = 0
  private behind = false

  constructor(
    private readonly options: WriteOptions,
    private readonly caseless: boolean,
  ) {}

  /** What may stand alone or in parentheses. */
  choice(node: Node): string {
    return node.kind === 'choice' ? node.branches.map((b) => this.sequence(b)).join('|') : this.sequence(node)
  }

  /** What may stand beside others. */
  private sequence(node: Node): string {
    if (node.kind === 'choice') return `(?:${this.choice(node)})`
    return node.kind === 'sequence' ? node.items.map((item) => this.sequence(item)).join('') : this.item(node)
  }

  /** What a quantifier may follow, but for repeats and places. */
  private item(node: Node): string {
    switch (node.kind) {
      case 'character':
        return this.character(node.code, node.caseless)
      case 'set':
        return writeSet(node.set, this.options.exact)
      case 'newline':
        return NEWLINE
      case 'place':
        // V8 seeks a short pattern that ends in `$` from the end of the text (10 times faster), but not one that ends in a lookahead.
        return node.place === 'end' && !this.options.exact ? PLACES['very end'] : PLACES[node.place]
      case 'repeat':
        return this.repeat(node)
      case 'group': {
        this.groups[node.number] = ++this.count
        return `(${this.choice(node.body)})`
      }
      case 'atomic':
        return this.atomic(() => this.choice(node.body))
      case 'look':
        return this.look(node.body, node.behind, node.negative)
      case 'back':
        return this.back(node)
      default:
        return `(?:${this.choice(node)})`
    }
  }

  private character(code: number, caseless: boolean): string {
    const all = caseless && !this.caseless ? variants(code) : [code]
    return all.length === 1 ? escaped(code) : `[${all.map(escaped).join('')}]`
  }

  // DIFFERS: JavaScript forgets at each round what groups inside the repeat held, and takes no empty round beyond the least number;
  // PCRE2 keeps the last value, and ends the repeat with an empty round. Only texts of groups, and repeats that prefer nothing, show it.
  private repeat(node: Repeat): string {
    const text = () => this.repeatable(node.body) + quantifier(node)
    return node.greed === 'possessive' ? this.atomic(text) : text()
  }

  private repeatable(node: Node): string {
    const whole =
      node.kind === 'set' || node.kind === 'group' || node.kind === 'newline' || (node.kind === 'character' && node.code <= 0xffff)
    const text = whole ? this.item(node) : `(?:${this.choice(node)})`
    return text === '(?!)' ? '(?:(?!))' : text
  }

  /** A lookahead is never entered again, so what it found, taken by its number, is atomic. */
  private atomic(body: () => string): string {
    // A lookbehind has a fixed length, where atomic changes nothing; and JavaScript would read the number first.
    if (this.behind) return `(?:${body()})`
    const number = ++this.count
    return `(?:(?=(${body()}))\\${number})`
  }

  private look(body: Node, behind: boolean, negative: boolean): string {
    const before = this.behind
    this.behind = behind
    const text = `(?${behind ? '<' : ''}${negative ? '!' : '='}${this.choice(body)})`
    this.behind = before
    return text
  }

  private back(node: Back): string {
    const { group, known } = this.options.references.get(node)!
    if (known === 'unset') return '(?!)'
    if (node.caseless && !this.caseless) throw unsupported('a caseless back reference in a pattern that minds case elsewhere', node.at)
    const taken = `(?:\\${this.groups[group]})`
    if (known === 'set') return taken
    // JavaScript lets an unset group match nothing. This one is never empty, so the rest of the text must have become shorter.
    const rest = ++this.count
    return `(?:(?=([^]*))${taken}(?!(?:\\${rest})$))`
  }
}

function quantifier({ least, most, greed }: Repeat): string {
  const lazy = greed === 'lazy' ? '?' : ''
  if (most === Number.POSITIVE_INFINITY) return (least === 0 ? '*' : least === 1 ? '+' : `{${least},}`) + lazy
  if (least === 0 && most === 1) return `?${lazy}`
  return (least === most ? `{${least}}` : `{${least},${most}}`) + lazy
}
