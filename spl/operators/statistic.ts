/** Placeholder types so that the readers compile; the statistics' file replaces it. */
export type Aggregations = ReadonlyMap<string, unknown>
