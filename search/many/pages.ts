import { alive } from '../../spl/batch/batch'
import type { Unify } from '../../spl/batch/gather'
import type { EventReader, ScanTask } from '../../storage/event-store'
import { type Found, FoundRows } from './found-rows'
import type { PageFilter } from './page-filter'

/** Some pages, and for each the searches that may find something there. Plain data. */
export interface Pages {
  readonly task: ScanTask
  /** Undefined: on each page all of them. */
  readonly asking: readonly Uint32Array[] | undefined
  /** No page that comes after them has a later `_time`. */
  readonly after: number
}

/** Who reads pages, and what stops it. */
export interface PageReading {
  readonly reader: EventReader
  readonly filter: PageFilter
  readonly unify: Unify
  /** The numbers of all searches. */
  readonly all: Uint32Array
  /** Where the filter's owner keeps rows. */
  into(rows: FoundRows): void
  found(f: Found): void
  /** Asked between pages: whether to stop here. May take a turn of the event loop. */
  stops(): boolean | Promise<boolean>
}

/** Reads some pages for many searches. */
export async function readPages({ task, asking, after }: Pages, x: PageReading): Promise<void> {
  const rows = new FoundRows(x.unify, x.found)
  x.into(rows)
  for await (const { batch, next, page } of x.reader.scan(task)) {
    if (await x.stops()) return
    const searches = asking ? asking[page]! : x.all
    if (searches.length > 0 && alive(batch) > 0) x.filter.take(batch, searches)
    rows.page(Math.max(next, after))
  }
  rows.end(after)
}
