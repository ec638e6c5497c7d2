import type { Problem } from '../../spl/text/problem'
import type { Frame } from './spool'

/** What an execution tells its job, as plain data: it may run in another thread or process. */
export type JobMessage =
  /** Its execution begins. */
  | { readonly type: 'parsing' }
  /** The search was read and planned. */
  | {
      readonly type: 'read'
      readonly normalizedSearch: string
      readonly eventSearch: string | undefined
      readonly reportSearch: string | undefined
      readonly eventPipeline: string | undefined
      readonly transforming: boolean
      readonly earliest: number | undefined
      readonly latest: number | undefined
    }
  | { readonly type: 'running' }
  | { readonly type: 'progress'; readonly scanCount: number; readonly eventCount: number; readonly doneProgress: number }
  | { readonly type: 'rows'; readonly spool: 'events' | 'results'; readonly frame: Frame }
  /** Replaces the last preview; each frame is an encoded batch. */
  | { readonly type: 'preview'; readonly frames: readonly Uint8Array[]; readonly rows: number }
  | { readonly type: 'message'; readonly problem: Problem }
  | { readonly type: 'paused'; readonly paused: boolean }
  | { readonly type: 'done'; readonly finalized: boolean }
  | { readonly type: 'failed'; readonly problem: Problem }

/** Words of a search's control, shared with whoever executes it. A busy thread reads no messages, but it reads these between batches. */
export const CONTROL = {
  /** 0 run, 1 cancel, 2 finalize, 3 pause. */
  command: 0,
  /** Counts up when a preview is wanted. */
  preview: 1,
  words: 4,
} as const
export const COMMAND = { run: 0, cancel: 1, finalize: 2, pause: 3 } as const

export const newControl = (): Int32Array => new Int32Array(new SharedArrayBuffer(CONTROL.words * 4))
