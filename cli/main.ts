import { version } from '../package.json'
import { readCatalogue } from '../search/catalogue'
import { nearest, SplProblem } from '../spl/text/problem'
import type { CliCommand } from './cli-command'
import { UsageError } from './flags'
import { commandHelp, overview } from './help'
import { problemText } from './problem-text'
import { readArguments } from './read-arguments'
import { OutputClosed, processTerminal, type Terminal } from './terminal'

/** Exit codes: what was asked for was done; detections failed, or two answers differ; it could not be done. */
export const EXIT = { done: 0, failed: 1, impossible: 2, interrupted: 130 } as const

export const cliCommands = (): readonly CliCommand[] => readCatalogue('cliCommands').map(({ definition }) => definition as CliCommand)

/**
 * Runs a sub-command.
 * @param args  of the command line, without the program's own name
 * @returns the exit code
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  const commands = cliCommands()
  try {
    return await runCommand(commands, args, terminal)
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.done
    if (error === 'SIGINT' || error === 'SIGTERM') return EXIT.interrupted // what an aborted signal throws
    terminal.err(errorText(error, args[0]))
    return EXIT.impossible
  }
}

async function runCommand(commands: readonly CliCommand[], args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined) {
    terminal.err(overview(commands, version))
    return EXIT.impossible
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    await terminal.out(rest[0] === undefined ? overview(commands, version) : commandHelp(find(commands, rest[0])))
    return EXIT.done
  }
  const command = find(commands, name)
  const { help, ...given } = readArguments(command, rest, terminal.env)
  if (!help) return command.run({ ...given, terminal })
  await terminal.out(commandHelp(command))
  return EXIT.done
}

function find(commands: readonly CliCommand[], name: string): CliCommand {
  const found = commands.find((c) => c.name === name)
  if (found) return found
  const near = nearest(name, [...commands.map((c) => c.name), 'help'])
  throw new UsageError(`unknown command '${name}'${near ? `; did you mean '${near}'?` : ''}`)
}

function errorText(error: unknown, command: string | undefined): string {
  if (error instanceof UsageError)
    return `headstand: ${error.message}\nSee: headstand help${command && !error.message.startsWith('unknown command') ? ` ${command}` : ''}\n`
  if (error instanceof SplProblem) return problemText(error.problem)
  if (!(error instanceof Error)) return `headstand: ${error}\n`
  // An error of the system (a file that is not there, a port that is taken) or one that was written for the user.
  if ('code' in error || error.constructor === Error) return `headstand: ${error.message}\n`
  return `headstand: ${error.stack}\n`
}
