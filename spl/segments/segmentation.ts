/**
 * How the raw text of an event is cut into the terms that its index holds: `SEGMENTATION` of props.conf.
 * `full`: every major term and its minor terms. `intermediate`: these, and of each major term its beginnings up to each minor breaker
 * (INTERMEDIATE_MAJORS). `inner`: only what stands between breakers of either class. `outer`: only major terms. `none`: nothing.
 * @source segmenters.conf of 10.4.2, stanzas [full], [inner], [outer], [none]; segmenters.conf.spec, INTERMEDIATE_MAJORS
 */
export type Segmentation = 'full' | 'intermediate' | 'inner' | 'outer' | 'none'
