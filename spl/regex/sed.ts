import { RegexProblem } from './problem'
import { compileRegex } from './regex'
import { readReplacement } from './replacement'

/** A sed expression, ready to run. */
export interface Sed {
  (text: string): string
  /** Whether it belongs under `guarded`. */
  readonly risky: boolean
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/** One command: its letter, its two parts and the letters behind them. */
interface Command {
  readonly letter: string
  readonly delimiter: string
  readonly from: string
  readonly to: string
  readonly flags: string
  readonly at: number
}

/**
 * Reads what `rex mode=sed` takes: `s/regex/replacement/`, with `g` all matches, with a number that one, else the first;
 * `y/abc/xyz/` exchanges characters. Several, parted by blanks, run in turn. Any character may stand for `/`.
 * @throws RegexProblem  `at` counts from the start of the expression
 * @source Search Manual 9.x, "rex", mode=sed; props.conf.spec 9.x, SEDCMD
 */
export function compileSed(expression: string): Sed {
  const steps: Sed[] = []
  let at = 0
  for (;;) {
    at += /^\s*/.exec(expression.slice(at))![0].length
    if (at >= expression.length) break
    const { command, end } = readCommand(expression, at)
    steps.push(command.letter === 's' ? substitution(command) : exchange(command))
    at = end
  }
  if (steps.length === 0) throw new RegexProblem('the sed expression is empty', 0)
  return Object.assign((text: string) => steps.reduce((t, step) => step(t), text), { risky: steps.some((s) => s.risky) })
}

/** (`s` | `y`) delimiter part delimiter part delimiter flags */
function readCommand(text: string, at: number): { command: Command; end: number } {
  const letter = text[at]!
  if (letter !== 's' && letter !== 'y') throw new RegexProblem(`a sed command is 's' or 'y', not '${letter}'`, at)
  const delimiter = text[at + 1]
  if (delimiter === undefined || /[\s\\]/.test(delimiter)) throw new RegexProblem(`a delimiter must follow '${letter}'`, at + 1)
  const middle = endOf(text, at + 2, delimiter)
  const last = endOf(text, middle + 1, delimiter)
  const flags = /^\S*/.exec(text.slice(last + 1))![0]
  const command = { letter, delimiter, from: text.slice(at + 2, middle), to: text.slice(middle + 1, last), flags, at }
  return { command, end: last + 1 + flags.length }
}

/** Where the next delimiter stands that no backslash hides. */
function endOf(text: string, from: number, delimiter: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === delimiter) return i
  }
  throw new RegexProblem(`the sed expression is not ended by '${delimiter}'`, text.length)
}

function substitution({ delimiter, from, to, flags, at }: Command): Sed {
  const flag = /^(?:g|[1-9]\d*)?$/.exec(flags)
  if (!flag) throw new RegexProblem(`'${flags}' is no flag of a sed substitution: 'g' or a number`, at)
  const regex = compiled(from, at + 2)
  const replacement = readReplacement(to, new Map([...ESCAPES, [delimiter, delimiter]]))
  const run =
    flags === 'g' ? (t: string) => regex.replaceAll(t, replacement) : (t: string) => regex.replaceNth(t, Number(flags || 1), replacement)
  return Object.assign(run, { risky: regex.risky })
}

function compiled(pattern: string, at: number) {
  try {
    return compileRegex(pattern)
  } catch (e) {
    throw e instanceof RegexProblem ? new RegexProblem(e.message, at + e.at, e.supported) : e
  }
}

function exchange({ delimiter, from, to, flags, at }: Command): Sed {
  if (flags) throw new RegexProblem(`'y' takes no flags, but '${flags}' stands there`, at)
  const before = characters(from, delimiter)
  const after = characters(to, delimiter)
  if (before.length !== after.length) throw new RegexProblem("the two parts of 'y' must have the same length", at)
  const to1 = new Map<string, string>()
  before.forEach((c, i) => {
    if (!to1.has(c)) to1.set(c, after[i]!)
  })
  return Object.assign((text: string) => Array.from(text, (c) => to1.get(c) ?? c).join(''), { risky: false })
}

function characters(text: string, delimiter: string): string[] {
  const out: string[] = []
  const all = [...text]
  for (let i = 0; i < all.length; i++) {
    const next = all[i + 1]
    if (all[i] === '\\' && next !== undefined && (next === '\\' || next === delimiter || ESCAPES.has(next))) {
      out.push(ESCAPES.get(next) ?? next)
      i++
    } else out.push(all[i]!)
  }
  return out
}
