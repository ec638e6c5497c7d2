import type { Batch } from '../batch/batch'
import type { Column } from '../batch/column'
import type { Demand } from '../batch/demand'
import type { TextDictionary } from '../batch/dictionary'
import type { EvaluationContext } from '../expressions/compiled'
import type { Functions } from '../expressions/types'
import type { Problem } from '../text/problem'
import type { Zone } from '../values/time/zone'
import type { Stage } from './stage'
import type { Aggregations } from './statistics'
import type { StoreFacts } from './store-facts'

/** No later row can matter. */
export const STOP = Symbol('stop')

/** One batch in; none, one or several out (mvexpand; each of at most `context.batchRows`). No state between batches. */
export type MapBatch = (batch: Batch) => Batch | undefined | Iterable<Batch>
/** In order, with state between batches; may also say that no later row can matter. */
export type StepBatch = (batch: Batch) => Batch | undefined | typeof STOP | { readonly last: Batch }
/** Named columns of any lengths: what a state is outside its instance. */
export type State = Readonly<Record<string, Column>>

export interface Part {
  readonly index: number
  readonly of: number
}

/** Takes rows in any number of instances that are merged; the rows come out at the end. */
export interface Accumulator {
  add(batch: Batch): void
  /** The whole state in chunks; shares no array with the instance, since arrays are transferred. */
  encode(): Iterable<State>
  /** Takes in what another instance encoded: merge, thread, disk and preview. With `part`, only the keys that fall to it. */
  absorb(state: State, part?: Part): void
  /** Rows of the result, made as they are asked for; leaves the instance as it was. */
  finish(): Iterable<Batch>
  /** What the instance holds, for the count of memory. */
  readonly bytes: number
}

/** What a stage may ask of the search that it is part of. */
export interface RunContext extends EvaluationContext {
  readonly zone: Zone
  readonly functions: Functions
  readonly aggregations: Aggregations
  /** The time range of the search: epoch seconds, `latest` exclusive; infinite where open. */
  readonly range: { readonly earliest: number; readonly latest: number }
  /** The demand after the stage: which columns a state that keeps rows must keep. */
  readonly wanted: Demand
  readonly batchRows: number
  /** Throws when the search was cancelled: for long loops on one batch. */
  check(): void
  /** Runs a loop over a batch under the time limit of regular expressions that may backtrack badly. */
  guard<T>(risky: boolean, job: () => T): T
  /** `step` and `run` say what they hold. @param change bytes more (or, negative, fewer) than before */
  reserve(change: number): void
  report(p: Problem): void
  /** A dictionary of this task for a column that a map makes, or where columns of several dictionaries are brought together. */
  dictionary(name: string): TextDictionary
  /** Rows of a child plan: run once and kept. */
  child(index: number): AsyncIterable<Batch>
  readonly host: Host
}

/** What only the search head can answer. */
export interface Host {
  readonly serverName: string
  /** Given to generating commands, which run in the owner of a search: its helpers have no use for it. */
  readonly store?: StoreFacts
}

/** The five forms of a command. Factories: called once per task, in the `setup` phase, before the first batch. */
export type Behaviour<A> =
  /** Row-wise and synchronous: runs before the cut, fused. */
  | { readonly map: (args: A, context: RunContext) => MapBatch }
  /** `perTask`: an instance may also drop rows inside each scan task, only what the whole would drop. */
  | { readonly step: (args: A, context: RunContext) => StepBatch; readonly perTask?: (args: A) => boolean }
  | { readonly accumulate: (args: A, context: RunContext) => Accumulator }
  | { readonly generate: (args: A, context: RunContext) => Iterable<Batch> | AsyncIterable<Batch> }
  /** Two passes, children, windows over open groups. */
  | { readonly run: (args: A, input: AsyncIterable<Batch>, context: RunContext) => AsyncIterable<Batch> }
  /** Other stages in place of this one. */
  | { readonly rewrite: (args: A) => readonly Pick<Stage, 'command' | 'args'>[] }
