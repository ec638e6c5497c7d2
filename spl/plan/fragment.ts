import type { Demand } from '../batch/demand'
import type { Predicate, Terms } from '../expressions/predicate'
import type { Stage } from '../syntax/stage'

/** What is asked of a store. Times are epoch seconds, UTC; `latest` is exclusive. */
export interface EventQuery {
  /** Names of indexes to look into; resolved from the search and the role, never patterns. */
  readonly indexes: readonly string[]
  readonly earliest: number
  readonly latest: number
  readonly filter: Predicate
  readonly hints: Terms | undefined
  readonly demand: Demand
}

/** The scan half of a search, as plain data: it runs over any set of blocks, in any task. */
export interface Fragment {
  readonly filter: Predicate
  /** Fields to extract for the filter and the stages. */
  readonly demand: Demand
  /** Those for the stages alone. */
  readonly asked: Demand
  readonly maps: readonly Stage[]
  /** One accumulating stage, or an instance of a step that may drop rows inside the task. */
  readonly last?: { readonly accumulate: Stage } | { readonly step: Stage }
  readonly wanted: Demand
  readonly ordered: boolean
}
