/**
 * The search head as the server, the CLI and the library see it. Two things answer to it: the in-process one (CLI, tests, library)
 * and the one that speaks to the engine process (`serve`). All of it is plain data but for the methods.
 */
import type { Problem } from '../spl/text/problem'

/** Splunk's states of a search. */
export type DispatchState = 'QUEUED' | 'PARSING' | 'RUNNING' | 'PAUSED' | 'FINALIZING' | 'DONE' | 'FAILED'

export interface SearchRequest {
  /** As it is: the first word is a command's name, or `|`. */
  readonly search: string
  /** Time modifiers as typed; absent means open. */
  readonly earliest?: string
  readonly latest?: string
  readonly indexEarliest?: string
  readonly indexLatest?: string
  /** What "now" is for this search: epoch seconds; the head's clock when absent. */
  readonly now?: number
  readonly owner: string
  readonly app: string
  /** Names and patterns of the indexes that the caller may see, and those searched when none is named. */
  readonly indexesAllowed: readonly string[]
  readonly indexesDefault: readonly string[]
  /** The job's sid when the caller chose it. */
  readonly id?: string
  readonly timeZone?: string
  /** Seconds that the job is kept after it was last asked for. */
  readonly ttlSeconds: number
  /** Rows kept in the results. */
  readonly maxCount: number
  /** Seconds that it may run; 0 is no limit. */
  readonly maxTimeSeconds: number
  /** Whether previews are made while it runs. */
  readonly preview: boolean
  /** For the log and the job's entry: who asked (`rest`, `ws`, `cli`, …). */
  readonly origin: string
  /** What the entry of the job echoes (`custom.*`, label, status_buckets …). */
  readonly echo: Readonly<Record<string, string>>
}

/** Events of a transforming search that can be fetched, where none were kept. */
export const LISTED_EVENTS = 1000

/** A job at one moment. Times are epoch seconds; infinite bounds are given as undefined. */
export interface JobStatus {
  readonly sid: string
  readonly request: SearchRequest
  readonly state: DispatchState
  readonly dispatchTime: number
  readonly earliest: number | undefined
  readonly latest: number | undefined
  /** 0 … 1. */
  readonly doneProgress: number
  readonly scanCount: number
  /** Events that matched the first search. */
  readonly eventCount: number
  /** Events that can be fetched from `events`. */
  readonly eventAvailableCount: number
  readonly resultCount: number
  readonly previewCount: number
  readonly runDuration: number
  readonly isFinalized: boolean
  /** Whether the search is a transforming one, so that `events` and `results` differ. */
  readonly isTransforming: boolean
  readonly messages: readonly Problem[]
  /** Text of the search after macros. */
  readonly normalizedSearch: string
  /** `search` part that reads events, and the rest, as the job's entry shows them. */
  readonly eventSearch: string | undefined
  readonly reportSearch: string | undefined
  /** The search that gives the events of a transforming one, before they are transformed. */
  readonly eventPipeline: string | undefined
  readonly diskUsage: number
  readonly ttlSeconds: number
  /** Epoch seconds of the last touch: the ttl counts from here. */
  readonly touched: number
}

/** A cell of a result: a text, the texts of a multivalue, or nothing. */
export type Cell = string | readonly string[] | null

/** Rows as plain tables: each row holds its cells in the order of `fields`. */
export interface Rows {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface RowsRequest {
  /** `events`: what the scan found; `results`: what the search ends in; `preview`: the results so far. */
  readonly kind: 'events' | 'results' | 'preview'
  readonly offset: number
  /** 0 is all that may be given. */
  readonly count: number
  /** Only these fields (`f=`), with wildcards; all when empty. */
  readonly fields?: readonly string[]
  /** A search that filters or shapes the page (`search=` of results). */
  readonly search?: string
}

export type JobAction =
  | { readonly action: 'cancel' | 'finalize' | 'pause' | 'unpause' | 'touch' | 'save' | 'unsave' | 'enablepreview' | 'disablepreview' }
  | { readonly action: 'setttl'; readonly ttlSeconds: number }

export interface Job {
  readonly sid: string
  status(): JobStatus
  /** Resolves when the job is DONE or FAILED, or was cancelled. */
  finished(signal?: AbortSignal): Promise<JobStatus>
  /** Resolves at the next change of state, counts, preview or rows after the call. */
  changed(signal?: AbortSignal): Promise<void>
  rows(request: RowsRequest): Promise<Rows>
  /** The same a chunk at a time, straight from the spool while the search still runs: ends when the job ends. */
  stream(request: Omit<RowsRequest, 'count'>, signal?: AbortSignal): AsyncIterable<Rows>
  control(action: JobAction): Promise<void>
  /** Text of search.log. */
  log(): string
}

/** One event on its way in. */
export interface IncomingEvent {
  readonly index: string
  /** Epoch seconds; when absent the time is taken from the text as its sourcetype's props say, else now. */
  readonly time: number | undefined
  readonly host: string
  readonly source: string
  readonly sourcetype: string
  /** Text, or bytes that are kept as they came. */
  readonly raw: string | Uint8Array
  /** Indexed fields (HEC `fields`). */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
}

export type EventMeta = Pick<IncomingEvent, 'index' | 'host' | 'source' | 'sourcetype'> & { readonly time?: number }

/** Raw bytes that are broken into events as the sourcetype's props say. */
export interface RawWriter {
  /** Resolves when more may be written. */
  write(chunk: Uint8Array): Promise<void>
  /** Resolves with the number of events once all of them are durable and searchable. */
  end(): Promise<number>
  abort(): void
}

export interface IndexInfo {
  readonly name: string
  readonly internal: boolean
  readonly eventCount: number
  readonly earliest: number | undefined
  readonly latest: number | undefined
  readonly sizeOnDisk: number
}

/** The engine has too much to do, or is being replaced: try again later (503). */
export class Busy extends Error {
  override readonly name = 'Busy'
}
/** An event names an index that does not exist. */
export class UnknownIndex extends Error {
  override readonly name = 'UnknownIndex'
  constructor(
    readonly index: string,
    readonly eventNumber: number,
  ) {
    super(`unknown index '${index}'`)
  }
}

/** What one of many searches ended in. */
export interface ManyResult {
  readonly state: Extract<DispatchState, 'DONE' | 'FAILED'>
  /** Events that matched the first search. */
  readonly eventCount: number
  readonly resultCount: number
  readonly messages: readonly Problem[]
  /** The first rows, as many as were asked for. */
  readonly rows: Rows
}

export interface SearchHead {
  readonly serverName: string
  readonly guid: string
  /** Epoch seconds at the start. */
  readonly startedAt: number
  /** The head's clock: epoch seconds; fixed by `--now`. */
  now(): number
  /** Whether searches and events are taken at this moment. */
  healthy(): boolean
  /**
   * Reads the search and makes its job.
   * @throws SplProblem of phase `parse`: no job was made; Busy while no engine is up
   */
  start(request: SearchRequest): Promise<Job>
  /** Reads a search without running it. */
  check(search: string, owner: string, app: string): Promise<readonly Problem[]>
  job(sid: string): Job | undefined
  /** Latest first. */
  jobs(): readonly Job[]
  /**
   * Resolves once every event is durable and searchable.
   * @throws UnknownIndex, or Error for a time that no event can have, before anything is taken; Busy
   */
  ingest(events: readonly IncomingEvent[], signal?: AbortSignal): Promise<void>
  /** @throws UnknownIndex, Busy */
  raw(meta: EventMeta): Promise<RawWriter>
  indexes(): Promise<readonly IndexInfo[]>
  createIndex(name: string): Promise<void>
  /** Jobs are finished or failed, calls in flight awaited, files closed. */
  close(): Promise<void>
}
