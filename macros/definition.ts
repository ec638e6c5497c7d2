import type { Problem } from '../spl/text/problem'
import { problem } from '../spl/text/problems'

/** A macro as a stanza of macros.conf defines it. Plain data. */
export interface Macro {
  /** Its stanza: `name`, or `name(n)` where it takes n arguments. */
  readonly key: string
  readonly args: readonly string[]
  readonly definition: string
  /** Whether the definition is an eval expression that gives the text. */
  readonly iseval: boolean
  readonly validation?: string
  readonly errormsg?: string
}

/** Macros by stanza. One that cannot be used says why; a search hears of it when it calls the macro. */
export type MacroTable = ReadonlyMap<string, Macro | Problem>

/** One name with two numbers of arguments is two macros. */
export const macroKey = (name: string, args: number): string => (args === 0 ? name : `${name}(${args})`)

export const NAME = /^[A-Za-z0-9_-]+$/

/**
 * The macros that the stanzas of macros.conf define.
 * @param stanzas merged, with what they inherit from `[default]`
 */
export function macroTable(stanzas: ReadonlyMap<string, Readonly<Record<string, string>>>): MacroTable {
  return new Map([...stanzas].map(([key, settings]) => [key, readMacro(key, settings)]))
}

function readMacro(key: string, settings: Readonly<Record<string, string>>): Macro | Problem {
  const { definition, validation, errormsg } = settings
  if (definition === undefined) return problem('macro-no-definition', { name: key })
  const args = readArgs(key, settings.args)
  if (!Array.isArray(args)) return args as Problem
  return {
    key,
    args,
    definition,
    iseval: /^(1|t|true|y|yes)$/i.test(settings.iseval ?? ''),
    // An empty value is how a layer takes back what a lower one says.
    ...(validation && { validation }),
    ...(errormsg && { errormsg }),
  }
}

/** `args` counts only where the stanza's name has a number of arguments. */
function readArgs(key: string, text: string | undefined): string[] | Problem {
  const count = Number(/\((\d+)\)$/.exec(key)?.[1] ?? 0)
  if (count === 0) return []
  if (!text) return problem('macro-argument-missing', { name: key })
  const args = text.split(',').map((a) => a.trim())
  const odd = args.find((a) => !NAME.test(a))
  if (odd !== undefined) return problem('macro-name', { name: odd })
  if (args.length !== count) return problem('macro-argument-count', { name: key, expected: count })
  if (new Set(args).size !== count) return problem('macro-argument-repeated', { name: key })
  return args
}
