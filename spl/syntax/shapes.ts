import type { Expression, StaticType } from '../expressions/expression'
import { parseExpression } from '../expressions/parse'
import { checkExpression } from '../expressions/types'
import { placed, SplProblem } from '../text/problem'
import { fail } from '../text/problems'
import type { Span } from '../text/source'
import { hasWildcard } from '../values/wildcard'
import { type ArgumentReader, FIELD, type Word } from './arguments'

/** How a part of a command's arguments is written, read and described. A grammar is a record of these. */
export interface Syntax<T> {
  /** Empty where what is read there is only refused or passed over. */
  readonly usage: string
  /** What a message says was expected. */
  readonly expects: string
  /** The option's name: `name=value`, anywhere among the arguments. */
  readonly named?: string
  readonly aliases?: readonly string[]
  /** Words that begin the clause. */
  readonly keyword?: readonly string[]
  readonly optional?: boolean
  /** It may stand several times: what is read is a list, and the lists are joined. */
  readonly repeats?: boolean
  readonly fallback?: T
  read(r: ArgumentReader): T
}
// biome-ignore lint/suspicious/noExplicitAny: the record is heterogeneous; Args recovers the types
export type Grammar = Readonly<Record<string, Syntax<any>>>
export type Args<G> = { readonly [K in keyof G]: G[K] extends Syntax<infer T> ? T : never }

/** The type name that Splunk's message about an option gives. */
const wrongValue = (r: ArgumentReader, type: string, w: Word | undefined) =>
  fail('option-value', { type, option: r.optionName, value: w?.text ?? '' }, w?.span ?? r.from(r.pos))

function value<T>(usage: string, type: string, read: (text: string, w: Word) => T | undefined): Syntax<T> {
  return {
    usage: `<${usage}>`,
    expects: type,
    read(r) {
      const w = r.optionName === '' ? r.word() : r.value()
      const v = w && read(w.text, w)
      if (v !== undefined) return v
      if (r.optionName === '') throw w ? fail('command-argument', { command: r.command, argument: w.text }, w.span) : r.unexpected()
      throw wrongValue(r, type, w)
    },
  }
}

/** Zero or more; `+2` and `02` are read, `1.5` and `-1` are not. @source measured on 10.4 */
export const integer: Syntax<number> = value('int', 'non-negative integer', (t) => (/^\+?\d+$/.test(t) ? Number(t) : undefined))
export const decimal: Syntax<number> = value('num', 'number', (t) => (/^[+-]?\d+(\.\d+)?$/.test(t) ? Number(t) : undefined))
/** `true t yes 1`, `false f no 0`, any case. @source measured on 10.4 */
export const boolean: Syntax<boolean> = value('bool', 'boolean', (t) =>
  /^(t|true|yes|1)$/i.test(t) ? true : /^(f|false|no|0)$/i.test(t) ? false : undefined,
)
/** Any text, quoted or not. */
export const text: Syntax<string> = value('string', 'string', (t) => t)

/** One of some words, in any case. */
export const oneOf = <const T extends string>(...words: readonly T[]): Syntax<T> =>
  value(words.join('|'), words.join(' or '), (t) => words.find((w) => w.toLowerCase() === t.toLowerCase()))

function fieldName(usage: string, wild: boolean): Syntax<string> {
  return {
    usage: `<${usage}>`,
    expects: 'a field name',
    read(r) {
      if (r.optionName === '' && r.optionHere()) throw r.unexpected()
      const w = r.optionName === '' ? r.word(FIELD) : r.value()
      if (!w) throw r.unexpected()
      if (w.text === '') throw r.refuse('Field names cannot be empty strings.', w.span)
      if (!wild && hasWildcard(w.text)) throw fail('command-argument', { command: r.command, argument: w.text }, w.span)
      return w.text
    },
  }
}
export const field: Syntax<string> = fieldName('field', false)
/** A field, or a pattern with `*`. */
export const fieldPattern: Syntax<string> = fieldName('wc-field', true)

/** An eval expression up to what does not belong to it. @param who  who reports a mistake @param types  static types that are let through */
export function expression(who: string, types?: readonly StaticType[]): Syntax<Expression> {
  return {
    usage: '<eval-expression>',
    expects: 'an expression',
    read(r) {
      const e = parseExpression({ reader: r, who, nextId: r.nextId })
      const type = checkExpression(e, r.vocabulary.functions, who)
      if (types && !types.includes(type)) throw fail(type === 'boolean' ? 'eval-boolean' : 'where-boolean', { who }, e.span)
      return e
    },
  }
}

/** A part that takes all that is left: what follows it is a mistake of the expression. */
export const whole = <T>(of: Syntax<T>, who: string): Syntax<T> => ({
  ...of,
  read(r) {
    const v = of.read(r)
    r.skipBlanks()
    if (!r.atEnd)
      throw fail(
        'eval-malformed',
        { who, tail: `An unexpected character is reached at '${r.rest().slice(0, 60)}'.` },
        { start: r.pos, end: r.end },
      )
    return v
  },
})

/** One or more, separated by blanks, commas or both; ends at an option or clause of the command. */
export function list<T>(of: Syntax<T>): Syntax<readonly T[]> {
  return {
    usage: of.usage && `${of.usage}...`,
    expects: of.expects,
    read(r) {
      const values: T[] = []
      const spans: unknown[] = []
      do {
        r.skipSeparators()
        const start = r.pos
        r.spans = undefined
        values.push(of.read(r))
        spans.push(r.spans ?? r.from(start))
      } while (!r.done && !r.stops())
      r.spans = spans
      return values
    },
  }
}

export const maybe = <T, const D>(of: Syntax<T>, fallback: D): Syntax<T | D> =>
  ({ ...of, usage: of.usage && `[${of.usage}]`, fallback, optional: true }) as Syntax<T | D>

/** `name=value`, anywhere. */
export const option = <T, const D>(name: string, of: Syntax<T>, fallback: D, aliases: readonly string[] = []): Syntax<T | D> =>
  ({ ...of, named: name, aliases, usage: `[${name}=${of.usage}]`, fallback, optional: true }) as Syntax<T | D>

/** `name=value`, anywhere and as often as it is wanted: a list, empty where it stands nowhere. */
export const options = <T>(name: string, of: Syntax<T>): Syntax<readonly T[]> => ({
  usage: `[${name}=${of.usage}]...`,
  expects: of.expects,
  named: name,
  fallback: [],
  optional: true,
  repeats: true,
  read: (r) => [of.read(r)],
})

/** A part that a keyword begins; any of several, written `OUTPUT|OUTPUTNEW`. */
export const clause = <T>(words: string, of: Syntax<T>): Syntax<T | undefined> => ({
  ...(of as Syntax<T | undefined>),
  keyword: words.split('|'),
  usage: `[${words} ${of.usage}]`,
  optional: true,
})

/** A part that is read by hand, where no shape fits; still with a usage. */
export const own = <T>(usage: string, expects: string, read: (r: ArgumentReader) => T): Syntax<T> => ({ usage, expects, read })

/** A problem of phase `setup` at a place, in a command's own words. */
export function refusal(command: string, message: string, at?: Span): SplProblem {
  const p = fail('command-usage', { command, text: message })
  return at ? new SplProblem(placed(p.problem, at)) : p
}
