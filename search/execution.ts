import type { Language } from '../spl/language'
import type { Plan } from '../spl/plan/plan'
import type { Environment } from '../spl/run/environment'
import type { Carry } from '../spl/run/run'
import type { ScanSource } from '../spl/run/scan'
import type { EventReader, StoreQuery } from '../storage/event-store'
import type { ColumnCache } from './columns'
import type { SearchRequest } from './head'
import type { RemoteScan } from './hearing'
import type { JobMessage } from './jobs/message'
import type { Limits } from './limits'
import type { SearchKnowledge } from './search-knowledge'
import type { ScanShare } from './share'
import type { ResultSink } from './sink'

/** All that one search runs with. */
export interface Execution {
  readonly sid: string
  readonly request: SearchRequest
  /** Epoch seconds. */
  readonly now: number
  readonly language: Language
  readonly knowledge: SearchKnowledge
  readonly reader: EventReader | undefined
  /** Names of all indexes. */
  readonly indexes: readonly string[]
  readonly serverName: string
  readonly guid: string
  readonly limits: Limits
  /** Shared words; see `CONTROL`. */
  readonly words: Int32Array
  /** Where the rows go; closed when the search has ended. */
  readonly sink: ResultSink
  /** What the matrix of the specs varies; searches run with the defaults. */
  readonly ways?: Ways
  /** What this thread keeps of fields between searches. */
  readonly columns?: ColumnCache | undefined
  /** Gives a part of a scan to other threads; undefined when there are none. */
  share?(share: ScanShare): RemoteScan
  /** Asked where events are read together with other searches; undefined: this one reads its own. Called before the first wait. */
  readonly together?: (query: StoreQuery, env: Environment) => Promise<ScanSource | undefined>
  send(m: JobMessage): void
}

/** Ways to run one search that must not change its answer. */
export interface Ways {
  readonly optimize: boolean
  readonly tasks: number
  /** What each task gives goes through the codec, as between threads. */
  readonly carry?: Carry
  /** Told what was planned, and each batch that a task scans. */
  planned?(plan: Plan): void
  scannedBatch?(task: number): void
}
export const DEFAULT_WAYS: Ways = { optimize: true, tasks: 1 }
