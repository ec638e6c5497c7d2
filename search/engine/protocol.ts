/** What the server and its engine say to each other. Plain data; rows cross as spool files, events by a pipe (see `event-frame.ts`). */

import type { Knowledge } from '../../knowledge/snapshot'
import type { Problem } from '../../spl/text/problem'
import type { EventMeta, IndexInfo, SearchRequest } from '../head'
import type { JobMessage } from '../jobs/message'
import type { Limits } from '../limits'

export interface EngineSettings {
  /** Folder of the store. */
  readonly db: string
  readonly durable: boolean
  readonly serverName: string
  readonly guid: string
  readonly knowledge: Knowledge
  readonly limits: Limits
  /** Fixed clock, epoch seconds. */
  readonly now: number | undefined
  /** Worker threads, at most. */
  readonly workers: number
}

export interface StartSearch {
  /** Number of this execution; a sid may be run again, or be given to another search. */
  readonly run: number
  readonly sid: string
  readonly request: SearchRequest
  readonly now: number
  /** Folder for the spools of the job; made when one is written. */
  readonly folder: string
  /** What it was told to do before it started: of `COMMAND`. */
  readonly command: number
}

/** Asked with a number, answered with it. */
export type Ask =
  | { readonly ask: 'open'; readonly settings: EngineSettings }
  | { readonly ask: 'start'; readonly search: StartSearch }
  | { readonly ask: 'check'; readonly search: string; readonly owner: string; readonly app: string; readonly now: number }
  | { readonly ask: 'indexes' }
  | { readonly ask: 'createIndex'; readonly name: string }
  | { readonly ask: 'raw'; readonly stream: number; readonly meta: EventMeta }
  | { readonly ask: 'rawEnd'; readonly stream: number }
  | { readonly ask: 'close' }

export interface Answers {
  readonly open: { readonly indexes: readonly string[] }
  /** What stops it before a job is made; whether a thread has begun with it, which is said later where none is idle. */
  readonly start: { readonly refused: Problem | undefined; readonly begun: boolean }
  readonly check: readonly Problem[]
  readonly indexes: readonly IndexInfo[]
  readonly createIndex: undefined
  readonly raw: undefined
  readonly rawEnd: number
  readonly close: undefined
}

export type ToEngine = ({ readonly id: number } & Ask) | { readonly command: number; readonly run: number } | { readonly rawAbort: number }

/** How an error crosses: by what its receiver makes of it. */
export type ErrorKind =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'busy'; readonly text: string }
  | { readonly kind: 'unknown-index'; readonly index: string; readonly eventNumber: number }
  | { readonly kind: 'store'; readonly code: string; readonly text: string }
  | { readonly kind: 'bug'; readonly text: string }

export type FromEngine =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: ErrorKind }
  | { readonly run: number; readonly messages: readonly JobMessage[] }
  /** Sent twice a second: the engine is alive. Bytes. */
  | { readonly resident: number }
  /** A search does not obey, or its thread is lost: only a new engine helps. */
  | { readonly stuck: number; readonly problem: Problem }
