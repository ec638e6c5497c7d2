import type { Batch } from '../batch/batch'
import type { Predicate } from '../expressions/predicate'

/** What the indexes hold, as far as the role of the search may see it. */
export interface StoreFacts {
  /** Number of the server that holds them. */
  readonly guid: string
  /** Indexes by the names and patterns that a command is given, or the role's default ones where it is given none; in byte order. */
  indexes(patterns: readonly string[]): readonly string[]
  describe(scope: FactsScope): Promise<readonly IndexFacts[]>
  /** Terms of the lexicon that fit a pattern, in byte order. `blocks`: in how many groups of events each stands. */
  terms(query: TermsAsked): Promise<readonly { readonly term: string; readonly blocks: number }[]>
  /** Events as they are stored, in any order; some that do not match the filter may be among them. */
  events(index: string, range: TimeSpan, filter: Predicate): AsyncIterable<Batch>
}

/** Epoch seconds, `latest` exclusive; infinite where open. */
interface TimeSpan {
  readonly earliest: number
  readonly latest: number
}
export interface FactsScope extends TimeSpan {
  readonly indexes: readonly string[]
  /** Looks through every bucket for damage first, which takes as long as reading it. */
  readonly check?: boolean
}
export interface TermsAsked {
  readonly indexes: readonly string[]
  /** A term as the lexicon holds it (lower case), with `*`. */
  readonly pattern: string
  readonly limit: number
}

/** Of one index: counts of the events within the range. */
export interface IndexFacts {
  readonly name: string
  readonly events: number
  readonly diskBytes: number
  readonly hosts: readonly ValueFacts[]
  readonly sources: readonly ValueFacts[]
  readonly sourcetypes: readonly ValueFacts[]
  readonly buckets: readonly BucketFacts[]
  readonly damaged: readonly DamagedBucket[]
}
/** Of one host, source or sourcetype. Times in epoch seconds; `recent` is the latest index time. */
export interface ValueFacts {
  readonly value: string
  readonly count: number
  readonly earliest: number
  readonly latest: number
  readonly recent: number
}
/** Of one bucket: counts of the events within the range; times are undefined where there is none. */
export interface BucketFacts {
  readonly id: number
  readonly path: string
  readonly state: 'hot' | 'warm'
  readonly events: number
  readonly rawBytes: number
  readonly diskBytes: number
  readonly hosts: number
  readonly sources: number
  readonly sourcetypes: number
  readonly earliest: number | undefined
  readonly latest: number | undefined
  /** Epoch seconds of the last change. */
  readonly modified: number
}
/** A bucket whose events cannot be searched. */
export interface DamagedBucket {
  readonly id: number
  readonly path: string
  readonly reason: string
}
