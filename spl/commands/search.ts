import { plus } from '../batch/demand'
import { compilePredicate, fieldsOfPredicate } from '../expressions/compile-predicate'
import type { Predicate } from '../expressions/predicate'
import { readPredicate } from '../expressions/read-predicate'
import { command } from '../syntax/command'
import { own } from '../syntax/shapes'

const predicate = own<Predicate>('<logical-expression>', 'search terms', (r) => readPredicate({ reader: r, nextId: r.nextId }))

export default command({
  name: 'search',
  summary:
    'Keeps the events or results that match a boolean expression of terms and field comparisons; first in a search, it reads events.',
  source: 'Search Reference, search',
  kind: 'distributable streaming',
  // Nothing at all matches everything.
  syntax: { filter: { ...predicate, optional: true, fallback: { id: 0, span: { start: 0, end: 0 }, always: true } } },
  needs: ({ filter }, after) => plus(after, ...fieldsOfPredicate(filter)),
  filter: ({ filter }) => filter,
  scans: true,
  map: ({ filter }) => compilePredicate(filter),
  examples: ['search error', 'search index=main status=404 OR status=5* NOT host=web01', 'search "EventID>1<" TERM(ftp)'],
})
