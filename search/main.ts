/** The package's entry: a search head in process. */
import type { SearchHead } from './head'
import { type HeadOptions, LocalHead } from './local-head'

export * from './head'
export type { HeadOptions, ManyAsked } from './local-head'

/** A search head in process, which also runs many searches at once. */
export type InProcessHead = SearchHead & Pick<LocalHead, 'many'>

/** Starts a search head in this process, without a fork. */
export async function createSearchHead(options: HeadOptions = {}): Promise<InProcessHead> {
  return new LocalHead(options)
}
