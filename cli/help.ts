import type { CliCommand, Operands } from './cli-command'

const WIDTH = 100

/** What `headstand help` says. */
export function overview(commands: readonly CliCommand[], version: string): string {
  const lines = commands.map(({ name, summary }) => [name, summary] as const)
  return [
    `headstand ${version}: a stand-in for a Splunk search head\n`,
    'Usage: headstand COMMAND [FLAGS]\n',
    ...columns([...lines, ['help', 'this text, or with the name of a command what it takes']]),
    '',
    "A command's flags: headstand help COMMAND",
    '',
  ].join('\n')
}

/** What `headstand help COMMAND` says. */
export function commandHelp({ name, summary, operands, flags, examples }: CliCommand): string {
  const onLine = Object.entries(flags).filter(([, { secret }]) => !secret)
  const usage = ['headstand', name, ...operands.map(operandUsage), ...(onLine.length > 0 ? ['[FLAGS]'] : [])]
  const flagLines = onLine.map(([flag, { placeholder, help, usual, env }]) => {
    const notes = [usual && `usually ${usual}`, env.length > 0 && env.join(', ')].filter(Boolean)
    return [`--${flag}${placeholder ? ` ${placeholder}` : ''}`, `${help}${notes.length > 0 ? ` [${notes.join('; ')}]` : ''}`] as const
  })
  const secrets = Object.values(flags).flatMap(({ secret, env, help }) => (secret ? [[env.join(', '), help] as const] : []))
  return [
    `${wrapped(summary, WIDTH).join('\n')}\n`,
    `Usage: ${usage.join(' ')}`,
    ...section(
      '',
      operands.map((o) => [o.name, o.help] as const),
    ),
    ...section('Flags', flagLines),
    ...section('Only from the environment', secrets),
    ...section(
      'Examples',
      examples.map(([line, says]) => [line, says] as const),
    ),
    '',
  ].join('\n')
}

const operandUsage = ({ name, least, most }: Operands): string => {
  const many = most > 1 ? `${name}…` : name
  return least === 0 ? `[${many}]` : many
}

function section(title: string, lines: readonly (readonly [string, string])[]): readonly string[] {
  if (lines.length === 0) return []
  return ['', ...(title ? [`${title}:`] : []), ...columns(lines)]
}

/** Two columns; a left text that is too long gets a line of its own. */
function columns(lines: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.min(30, Math.max(...lines.map(([left]) => left.length)))
  return lines.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrapped(right, WIDTH - width - 4)
    const indent = ' '.repeat(width + 4)
    const head = left.length > width ? [`  ${left}`, indent + first] : [`  ${left.padEnd(width)}  ${first}`]
    return [...head, ...rest.map((line) => indent + line)]
  })
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1]
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
