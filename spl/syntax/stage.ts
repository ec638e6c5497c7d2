import type { Demand } from '../batch/demand'
import type { Span } from '../text/source'

/** One command of a pipeline, read: plain data that crosses threads. */
export interface Stage {
  readonly command: string
  readonly args: unknown
  readonly span: Span
  /** A tree of the same shape as `args`: where each part was written. */
  readonly spans: unknown
  /** The demand after the stage, filled in by the planner. */
  readonly wanted?: Demand
}
