import { type Demand, EVERYTHING, NOTHING } from '../spl/batch/demand'
import type { SearchRequest } from './head'
import type { Limits } from './limits'

/**
 * Which events a transforming search keeps beside its results: some, with all that can be extracted, where the caller asks for status
 * buckets, as Splunk's own page does; else none, as in Splunk. Measured: all of 10,000 events take 1.2 s, the search itself 0.2 s.
 */
export function keptEvents(request: SearchRequest, limits: Limits): { readonly most: number; readonly demand: Demand } {
  return Number(request.echo.status_buckets ?? 0) > 0 ? { most: limits.events, demand: EVERYTHING } : { most: 0, demand: NOTHING }
}
