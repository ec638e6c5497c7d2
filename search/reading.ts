import { alive, type Batch } from '../spl/batch/batch'
import type { Scanned } from '../spl/run/scan'
import type { EventReader, ScanOptions, ScanTask } from '../storage/event-store'
import type { KnownColumns } from './columns'

/** How the pages of a scan are read. */
export interface Reading {
  readonly reader: EventReader
  /** Puts search-time fields over a page. */
  readonly extract: (b: Batch) => Batch
  readonly text: () => boolean
  readonly join: ScanOptions['join']
  /** Told when texts are read. */
  readonly reads?: () => void
  /** Whether every task is read to its end. */
  readonly whole: boolean
  /** As `ScanOptions`. */
  readonly fleeting: boolean
}

/** The pages of a task, dressed with search-time fields. @param following  the task after it */
export async function* pagesOf(
  task: ScanTask,
  { reader, extract, text, join, reads, whole, fleeting }: Reading,
  following: ScanTask | undefined,
): AsyncGenerator<Scanned> {
  const options: ScanOptions = { text, whole, fleeting, ...(join && { join }), ...(reads && { reads }), ...(whole && { following }) }
  for await (const { batch, next } of reader.scan(task, undefined, undefined, options))
    yield { batch: alive(batch) > 0 ? extract(batch) : undefined, next, scanned: batch.rows }
}

/**
 * When pages may come without texts, a stretch at a time.
 * @param instead  fields that do instead of texts; undefined: nothing does @param needed  whether texts are needed all the same
 */
export function joining(
  instead: readonly string[] | undefined,
  columns: KnownColumns | undefined,
  needed: () => boolean,
): ScanOptions['join'] {
  if (!instead || (instead.length > 0 && !columns)) return undefined
  return (stretch, parts) => !needed() && (instead.length === 0 || columns!.mayDo(stretch, instead, parts))
}
