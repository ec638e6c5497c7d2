/** The package's entry: a search head in process. */
import type { SearchHead } from './head'
import { type HeadOptions, LocalHead } from './local-head'

export * from './head'
export type { HeadOptions } from './local-head'

/** Starts a search head in this process, without a fork. */
export async function createSearchHead(options: HeadOptions = {}): Promise<SearchHead> {
  return new LocalHead(options)
}
