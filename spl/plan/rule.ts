import type { Language } from '../language'
import type { Stage } from '../syntax/stage'

/** Rewrites a pipeline into one that means the same and costs less. */
export interface Rule {
  readonly name: string
  readonly summary: string
  apply(stages: readonly Stage[], language: Language, decided: (text: string) => void): readonly Stage[]
}
