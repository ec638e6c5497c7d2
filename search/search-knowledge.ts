import type { FieldKnowledge } from '../knowledge/extract/field-knowledge'
import type { ExtractionContext } from '../knowledge/extract/layers'
import type { Batch } from '../spl/batch/batch'
import type { Source } from '../spl/text/source'

/** What knowledge a search uses: of the context (owner, app) that it runs in. */
export interface SearchKnowledge {
  /** Macros and comments: text → source with origins. @throws SplProblem */
  expand(text: string): Source
  /** Search-time fields over the events of a page, lazily; one for each task. */
  extractor(context: ExtractionContext): (events: Batch) => Batch
  readonly fields: FieldKnowledge
  /** Hash of what fields are extracted with: equal ones extract the same. */
  readonly extraction: string
}
