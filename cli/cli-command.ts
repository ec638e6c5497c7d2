import type { Flags, Values } from './flags'
import type { Terminal } from './terminal'

/** What stands on the command line beside the flags. */
export interface Operands {
  /** For the usage line: `SPL`, `FILE`. */
  readonly name: string
  readonly help: string
  readonly least: number
  readonly most: number
}

export interface Given<F extends Flags> {
  readonly flags: Values<F>
  readonly operands: readonly string[]
  readonly terminal: Terminal
}

export interface CliDefinition<F extends Flags> {
  readonly name: string
  readonly summary: string
  readonly operands?: readonly Operands[]
  readonly flags: F
  /** Lines as they would be typed, with a word on each. */
  readonly examples: readonly (readonly [line: string, says: string])[]
  /** What a run costs at its start stands here: modules that it needs are loaded inside. @returns the exit code */
  run(given: Given<F>): Promise<number>
}

/** A sub-command as `main` sees it: the types of its flags are closed over. */
export interface CliCommand extends Omit<CliDefinition<Flags>, 'run' | 'operands'> {
  readonly operands: readonly Operands[]
  run(given: Given<Flags>): Promise<number>
}

/** A file's definition of its sub-command. */
export function cliCommand<F extends Flags>(definition: CliDefinition<F>): CliCommand {
  const { run, operands = [] } = definition
  return { ...definition, operands, run: (given) => run(given as Given<F>) }
}
