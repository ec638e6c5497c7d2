export type { Aggregation, Aggregations } from '../syntax/statistics'
