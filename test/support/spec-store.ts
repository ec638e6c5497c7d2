import { type SearchKnowledge } from '../../search/execute'
import { plainSource } from '../../spl/text/source'
import type { EventReader } from '../../storage/event-store'
import type { SpecCase } from './spec-case'

/** The stores of one case: its events in the tail, or sealed in blocks of two. */
export class CaseStores {
  async get(_c: SpecCase, _storage: 'tail' | 'sealed'): Promise<{ readonly reader: EventReader; readonly indexes: readonly string[] }> {
    throw new Error('no store yet')
  }
  async close(): Promise<void> {}
}

export function caseKnowledge(_c: SpecCase): SearchKnowledge {
  return { expand: (text) => plainSource(text), extract: (b) => b, termField: () => true }
}
