import { join } from 'node:path'
import type { Batch } from '../spl/batch/batch'
import { fail } from '../spl/text/problems'
import type { JobMessage } from './jobs/message'
import { SpoolWriter } from './jobs/spool'

/** Takes the rows of a search, in their order. */
export interface ResultSink {
  write(spool: 'events' | 'results', b: Batch): Promise<void>
  close(): Promise<void>
}

/** Rows into the spool files of a job. @param diskBytes  of all its files */
export function fileSink(folder: string, diskBytes: number, send: (m: JobMessage) => void): ResultSink {
  const spools = { events: new SpoolWriter(join(folder, 'events')), results: new SpoolWriter(join(folder, 'results')) }
  const write = async (spool: keyof typeof spools, b: Batch): Promise<void> => {
    const frame = await spools[spool].write(b).catch((e: NodeJS.ErrnoException) => {
      // Columns are made when they are written: other errors are the search's own.
      throw e.syscall ? fail('spool-failed', { text: e.code === 'ENOSPC' ? 'the disk is full' : e.message }) : e
    })
    if (spools.events.bytes + spools.results.bytes > diskBytes) throw fail('disk-limit', { megabytes: Math.round(diskBytes / 1_000_000) })
    send({ type: 'rows', spool, frame })
  }
  return { write, close: async () => void (await Promise.all([spools.events.close(), spools.results.close()])) }
}
