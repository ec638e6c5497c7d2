import type { Functions } from '../expressions/types'
import { nearest } from '../text/problem'
import { fail } from '../text/problems'
import { quoteEnd, Reader, unescapeQuoted } from '../text/reader'
import type { Span } from '../text/source'
import type { Aggregations } from './statistics'

/** The names that a text is read with. */
export interface Vocabulary {
  readonly functions: Functions
  readonly aggregations: Aggregations
}

/** A word of a command's arguments, with quotes taken off. */
export interface Word {
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}

const BARE = /[^\s,"=()|[\]]+/y
/** A name of a field may hold what a statistic's name does: `count(x)`. */
export const FIELD = /[^\s,"=()|[\]]+(?:\([^\s"()|]*\))?/y
const VALUE = /[^\s,"]+/y

/** Reads the arguments of one command. */
export class ArgumentReader extends Reader {
  /** Set by a shape that has places inside (a list); taken by who called it. */
  spans: unknown
  /** Whether an option or a clause of the command stands at the place: where a list ends. */
  stops: () => boolean = () => false
  /** The option whose value is being read, or '' while reading a positional argument. */
  optionName = ''
  /** Names of the command's options, for the nearest one to a mistyped name. */
  optionNames: readonly string[] = []

  readonly command: string
  readonly vocabulary: Vocabulary
  /** The next node id of the search. */
  readonly nextId: () => number

  constructor(text: string, span: Span, of: { readonly command: string; readonly vocabulary: Vocabulary; readonly nextId: () => number }) {
    super(text, span.start, span.end)
    this.command = of.command
    this.vocabulary = of.vocabulary
    this.nextId = of.nextId
  }

  /** Whether nothing is left but blanks and commas. */
  get done(): boolean {
    this.skipSeparators()
    return this.atEnd
  }

  /** A quoted or bare word; undefined at the end or at a character that begins none. */
  word(bare: RegExp = BARE): Word | undefined {
    this.skipSeparators()
    const start = this.pos
    if (this.char === '"') {
      const end = quoteEnd(this.text, start, this.end)
      if (end < 0) throw fail('unbalanced-quotes', {}, { start, end: start + 1 })
      this.pos = end
      return { text: unescapeQuoted(this.text.slice(start + 1, end - 1)), quoted: true, span: this.from(start) }
    }
    const found = this.match(bare)
    return found === undefined ? undefined : { text: found, quoted: false, span: this.from(start) }
  }

  /** The value after `=`: a quoted text or all up to the next blank or comma. */
  value(): Word | undefined {
    this.skipBlanks()
    return this.word(VALUE)
  }

  /** The next word without taking it. */
  peekWord(): Word | undefined {
    const at = this.pos
    const found = this.char === '"' && quoteEnd(this.text, at, this.end) < 0 ? undefined : this.word()
    this.pos = at
    return found
  }

  /** Whether `name =` stands here, and not `name ==`. */
  optionHere(): Word | undefined {
    const at = this.pos
    const w = this.char === '"' ? undefined : this.word()
    this.skipBlanks()
    const is = w !== undefined && !w.quoted && this.char === '=' && this.peek(1) !== '='
    this.pos = at
    return is ? w : undefined
  }

  /** What stands at the place and fits nowhere. */
  unexpected(): Error {
    const option = this.optionHere()
    if (option)
      return fail(
        'unknown-option',
        { command: this.command, option: option.text, nearest: nearest(option.text, this.optionNames) },
        option.span,
      )
    this.skipSeparators()
    const start = this.pos
    const text = this.match(/[^\s,]+/y) ?? ''
    return fail('command-argument', { command: this.command, argument: text }, this.from(start))
  }

  /** A complaint of the command in its own words. */
  refuse(text: string, at?: Span): Error {
    return fail(
      'command-usage',
      { command: this.command, text },
      at ?? { start: Math.min(this.pos, Math.max(0, this.end - 1)), end: Math.max(this.pos, this.end) },
    )
  }
}
