import { parseArgs } from 'node:util'
import { nearest } from '../spl/text/problem'
import type { CliCommand, Operands } from './cli-command'
import { type Flag, type Flags, UsageError, type Values } from './flags'
import type { Terminal } from './terminal'

export interface ReadArguments {
  readonly flags: Values<Flags>
  readonly operands: readonly string[]
  readonly help: boolean
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

/** @throws UsageError */
export function readArguments(command: CliCommand, args: readonly string[], env: Terminal['env']): ReadArguments {
  const onLine = Object.fromEntries(Object.entries(command.flags).filter(([, { secret }]) => !secret))
  const { tokens } = parseArgs({ args: [...args], options: parseOptions(onLine), strict: false, tokens: true, allowPositionals: true })
  const given = new Map<string, string[]>()
  const operands: string[] = []
  let help = false
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'help' || token.name === 'h') help = true
    else add(given, token.name, givenValue(token, onLine))
  }
  if (help) return { flags: {}, operands, help }
  checkCount(command.operands, operands)
  const flags = Object.entries(command.flags).map(([name, flag]) => [name, readFlag(name, flag, given.get(name), env)])
  return { flags: Object.fromEntries(flags), operands, help }
}

const parseOptions = (flags: Flags) => ({
  ...Object.fromEntries(
    Object.entries(flags).map(([name, { placeholder }]) => [
      name,
      { type: placeholder ? ('string' as const) : ('boolean' as const), multiple: true },
    ]),
  ),
  help: { type: 'boolean' as const, short: 'h' },
})

function add(given: Map<string, string[]>, name: string, value: string): void {
  const values = given.get(name)
  if (values) values.push(value)
  else given.set(name, [value])
}

function givenValue({ name, rawName, value }: OptionToken, flags: Flags): string {
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
  if (!flag) {
    const near = nearest(name, [...Object.keys(flags), 'help'])
    throw new UsageError(`unknown flag ${rawName}${near ? `; did you mean --${near}?` : ''}`)
  }
  if (flag.placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value`)
    return '1'
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${flag.placeholder}`)
  return value
}

function readFlag(name: string, flag: Flag<unknown>, given: readonly string[] | undefined, env: Terminal['env']): unknown {
  const variable = given ? undefined : flag.env.find((v) => env[v])
  const values = given ?? (variable ? variableValues(flag, env[variable]!) : [])
  try {
    return flag.read(values)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${variable ?? `--${name}`} ${error.message}`)
  }
}

/** A variable holds several values as PATH does. */
const variableValues = (flag: Flag<unknown>, value: string): readonly string[] =>
  flag.placeholder?.endsWith('…') ? value.split(process.platform === 'win32' ? ';' : ':').filter(Boolean) : [value]

function checkCount(wanted: readonly Operands[], got: readonly string[]): void {
  const least = wanted.reduce((sum, o) => sum + o.least, 0)
  const most = wanted.reduce((sum, o) => sum + o.most, 0)
  if (got.length < least) {
    let before = 0
    const missing = wanted.find((o) => (before += o.least) > got.length)!
    throw new UsageError(`${missing.name} is missing: ${missing.help}`)
  }
  if (got.length > most) throw new UsageError(`'${got[most]}' is one argument too many${most === 1 ? ' (put the search into quotes)' : ''}`)
}
