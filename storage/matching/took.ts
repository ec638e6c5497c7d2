import type { Predicate } from '../../spl/expressions/predicate'
import type { Took } from '../event-store'
import { decides } from './event-filter'

/** Which conjuncts of a filter a store that keeps terms and metadata decides. */
export function tookOf(filter: Predicate): Took {
  const conjuncts = ('and' in filter ? filter.and : [filter]).map((predicate) => ({
    predicate,
    by: decides(predicate) ? ('exact' as const) : ('superset' as const),
  }))
  return { conjuncts, exact: conjuncts.every((c) => c.by === 'exact') }
}
