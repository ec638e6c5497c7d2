import type { Pages } from './pages'

/** Pages that several threads read: each takes the next ones. */
export interface SharedPages {
  readonly chunks: readonly Pages[]
  /** In memory that they share. */
  readonly words: Int32Array
}
export const WORDS = {
  /** How many were begun. */
  next: 0,
  /** How many were handed on to their searches. */
  taken: 1,
  /** Set when nobody reads any more. */
  stop: 2,
  count: 3,
} as const
/** So far a helper may be ahead of what was handed on. */
export const AHEAD = 16
