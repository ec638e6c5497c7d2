import { TermSet } from '../../../spl/segments/term-set'
import { rowSegmentation } from '../../event-batch'
import { blockText } from '../../matching/block-text'
import type { Filterable } from '../../matching/event-filter'
import type { Events } from './block'
import type { KnownRows } from './known-terms'

/** What a thread knows of keywords in one block. */
export type Tested = Pick<Filterable, 'tested' | 'keep'>

/**
 * A block as the filter sees it; text and terms are made when first asked for.
 * @param known what the index tells of its terms @param tested what its text said before
 */
export function filterable(events: Events, index: string, known: KnownRows = nothing, tested: Tested = unheard): Filterable {
  let text: ReturnType<typeof blockText> | undefined
  let terms: TermSet | undefined
  const columns = { host: events.host, source: events.source, sourcetype: events.sourcetype, index: { values: [index], codes: undefined } }
  return {
    rows: events.rows,
    known,
    tested: tested.tested,
    keep: tested.keep,
    text: () => (text ??= blockText(events.raw(), events.offsets, events.plain, rowSegmentation(events))),
    holds: (term) => (terms ??= termsOf(events)).has(term),
    column: (field) => columns[field],
  }
}

const nothing: KnownRows = () => undefined
const unheard: Tested = { tested: () => undefined, keep: () => undefined }

function termsOf(events: Events): TermSet {
  const set = new TermSet()
  const data = events.raw()
  const how = rowSegmentation(events)
  for (let i = 0; i < events.rows; i++) set.add(data, events.offsets[i]!, events.offsets[i + 1]!, how?.(i))
  return set
}
