import { fail } from '../spl/text/problems'
import { quoteEnd } from '../spl/text/reader'
import { NAME } from './definition'

/** What stands between two tick marks. */
export interface MacroCall {
  readonly name: string
  readonly args: readonly Argument[]
  readonly expression: string
}

export interface Argument {
  /** Where it is given as `name=value`. */
  readonly name: string | undefined
  readonly value: string
}

/**
 * Reads `name`, `name(value, …)` or `name(arg=value, …)`.
 * Arguments are cut at commas that stand in no quotes and no parentheses; blanks around them and quotes around the whole are taken off.
 * @throws SplProblem without a place
 */
export function readCall(expression: string): MacroCall {
  const text = withoutComments(expression).trim()
  if (text === '') throw fail('macro-empty', {})
  const open = text.indexOf('(')
  const name = (open < 0 ? text : text.slice(0, open)).trim()
  if (name === '') throw fail('macro-no-name', { expression: text })
  if (open >= 0 && !text.endsWith(')')) throw fail('macro-paren', { expression: text })
  if (!NAME.test(name)) throw fail('macro-name', { name })
  return { name, args: open < 0 ? [] : readArguments(text, text.slice(open + 1, -1)), expression: text }
}

/** Comments are gone before macros are read, so one may stand among the arguments. */
function withoutComments(text: string): string {
  if (!text.includes('```')) return text
  return text.replace(/"(?:\\.|[^"\\])*"|```[\s\S]*?```/gs, (m) => (m.startsWith('"') ? m : ' '))
}

function readArguments(expression: string, inner: string): readonly Argument[] {
  if (inner.trim() === '') return []
  const args = splitArguments(inner).map(readArgument)
  const named = args.filter((a) => a.name !== undefined).length
  if (named > 0 && named < args.length) throw fail('macro-mixed', { expression })
  return args
}

function splitArguments(inner: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  for (let i = 0; i < inner.length && depth >= 0; i++) {
    const c = inner[i]!
    if (c === '\\') i++
    else if (c === '"') i = closingQuote(inner, i)
    else if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === ',' && depth === 0) {
      parts.push(checkedPart(inner.slice(start, i), 0))
      start = i + 1
    }
  }
  parts.push(checkedPart(inner.slice(start), depth))
  return parts
}

/** @param depth parentheses that are still open, or −1 for one that closes too much */
function checkedPart(text: string, depth: number): string {
  const part = text.trim()
  if (part.startsWith('(') && !part.endsWith(')')) throw fail('macro-paren-argument', { expression: part })
  if (depth !== 0) throw fail('macro-argument-parens', { expression: part })
  return part
}

function closingQuote(text: string, at: number): number {
  const end = quoteEnd(text, at, text.length)
  if (end < 0) throw fail('macro-argument-quotes', {})
  return end - 1
}

function readArgument(part: string): Argument {
  const named = /^([A-Za-z0-9_-]+)\s*=(?!=)\s*(.*)$/s.exec(part)
  return named ? { name: named[1]!, value: unquoted(named[2]!) } : { name: undefined, value: unquoted(part) }
}

/** Only quotes around the whole are no part of the value; inside them `\"` is a quote, and other escapes stay for whoever reads the text. */
function unquoted(part: string): string {
  return part.startsWith('"') && quoteEnd(part, 0, part.length) === part.length ? part.slice(1, -1).replaceAll('\\"', '"') : part
}

/**
 * The values of a macro's arguments by name.
 * @throws SplProblem without a place, where the names are not those of the definition
 */
export function bindArguments(call: MacroCall, names: readonly string[]): Readonly<Record<string, string>> {
  const given = call.args.map((a, i): readonly [string, string] => [a.name ?? names[i]!, a.value])
  const bound = new Map(given)
  if (bound.size !== names.length || !names.every((n) => bound.has(n))) throw fail('macro-arguments', { expression: call.expression })
  return Object.fromEntries(bound)
}

/** A definition with `$arg$` replaced, inside quotes too. A `$` that begins no argument's name stays. */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  let out = ''
  let from = 0
  const mark = /\$([A-Za-z0-9_-]+)(?=\$)/g
  for (let m = mark.exec(text); m; m = mark.exec(text)) {
    // The closing `$` of what is no argument may open the next name.
    if (m.index < from || !Object.hasOwn(values, m[1]!)) continue
    out += text.slice(from, m.index) + values[m[1]!]!
    from = mark.lastIndex + 1
    mark.lastIndex = from
  }
  return out + text.slice(from)
}
