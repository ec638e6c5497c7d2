/** What one search may use. */
export interface Limits {
  /** Counted memory of one search. */
  readonly memoryBytes: number
  /** A batch's time for regular expressions that may backtrack badly. */
  readonly regexMilliseconds: number
  readonly batchRows: number
  /** Events kept of a transforming search, for `events`. */
  readonly events: number
  /** Bytes that the kept rows of one search may take on disk. */
  readonly diskBytes: number
  /** A scan of so many events is worth a second thread, and that its thread keeps the fields that it extracts. */
  readonly sharedEvents: number
}
export const LIMITS: Limits = {
  memoryBytes: 500_000_000,
  regexMilliseconds: 1000,
  batchRows: 2048,
  events: 10_000,
  diskBytes: 2_000_000_000,
  sharedEvents: 20_000,
}
