import type { EvalFunction } from './expressions/function'
import type { BoundStage, Command } from './syntax/command'
import type { Stage } from './syntax/stage'
import type { Aggregation, Aggregations } from './syntax/statistics'

/** The commands, functions and statistics that a text is read and run with. Passed in, never global. */
export interface Language {
  /** By name and alias, lower case. */
  readonly commands: ReadonlyMap<string, Command>
  readonly functions: ReadonlyMap<string, EvalFunction>
  readonly aggregations: Aggregations
  bind(stage: Stage): BoundStage
}

interface Named {
  readonly name: string
  readonly aliases?: readonly string[]
}

/** Definitions by name and alias. @throws Error where two definitions share a name: a mistake in the catalogue */
export function byName<T extends Named>(definitions: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>()
  for (const d of definitions) {
    for (const n of [d.name, ...(d.aliases ?? [])]) {
      if (map.has(n)) throw new Error(`BUG: two definitions are named '${n}'`)
      map.set(n, d)
    }
  }
  return map
}

export function language(commands: readonly Command[], functions: readonly EvalFunction[], aggregations: readonly Aggregation[]): Language {
  const all = byName(commands)
  return {
    commands: all,
    functions: byName(functions),
    aggregations: byName(aggregations),
    bind(stage) {
      const c = all.get(stage.command)
      if (!c) throw new Error(`BUG: no command '${stage.command}'`)
      return c.bind(stage)
    },
  }
}
