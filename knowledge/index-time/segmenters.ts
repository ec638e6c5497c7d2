import type { Segmentation } from '../../spl/segments/segmentation'
import { DEFAULT_STANZA, type Settings, type Stanzas } from '../conf'
import type { Origin, Stanzas as Props } from '../extract/definition'
import { stanzaSelector } from '../extract/select'
import { isTrue, mergeStanzas, withDefaults } from '../layers'

const MAJOR = '[ ] < > ( ) { } | ! ; , \' " * \\n \\r \\s \\t & ? + %21 %26 %2526 %3B %7C %20 %2B %3D -- %2520 %5D %5B %3A %0A %2C %28 %29'
const MINOR = '/ : = @ . - $ # % \\\\ _'
const OUTER = MAJOR.slice(0, MAJOR.indexOf(' %5D'))
const INNER = `${OUTER} ${MINOR}`

/** What segmenters.conf says before anybody says otherwise. @source segmenters.conf of 10.4.2 */
const SHIPPED: Stanzas = new Map<string, Settings>([
  [DEFAULT_STANZA, { MAJOR, MINOR, INTERMEDIATE_MAJORS: 'false' }],
  ['full', {}],
  ['indexing', {}],
  ['search', { MAJOR: `${MAJOR.replace(' * ', ' ')} ${MINOR}`, MINOR: '' }],
  ['inner', { MAJOR: INNER, MINOR: '' }],
  ['standard', { MAJOR: INNER, MINOR: '' }],
  ['outer', { MAJOR: OUTER, MINOR: '' }],
  ['none', { MAJOR: '', MINOR: '', LOOKAHEAD: '0' }],
  ['whitespace-only', { MAJOR: '\\n \\r \\s \\t %20', MINOR: '' }],
  ['meta-tokenizer', { MAJOR: '\\s', MINOR: '' }],
])
/** Of an event whose stanzas name none. @source props.conf.spec, SEGMENTATION */
const INDEXING = 'indexing'
/** By which the words of a search are cut. */
const SEARCH = 'search'
/** Keys that change nothing as long as they say this. @source segmenters.conf.spec */
const NEUTRAL: Settings = { FILTER: '', LOOKAHEAD: '-1', MINOR_LEN: '-1', MAJOR_LEN: '-1', MINOR_COUNT: '-1', MAJOR_COUNT: '-1' }

export interface IndexTimeSegmentation {
  /** How events of an origin are cut; undefined: all events are cut in full, so that nobody needs to ask. */
  readonly of: ((origin: Origin) => Segmentation) | undefined
  /** What is said and not done, one line each. */
  readonly faults: readonly string[]
}

/**
 * `SEGMENTATION` of props.conf, by the segmenters that segmenters.conf names.
 * DIFFERS: a segmenter that cuts otherwise than `full`, `inner`, `outer` or `none` is refused: a line says so, and the events that ask for it are
 * cut in full. INTERMEDIATE_MAJORS is done, and so is LOOKAHEAD = 0.
 */
export function indexTimeSegmentation(props: Props, segmenters: Stanzas): IndexTimeSegmentation {
  const all = withDefaults(mergeStanzas([SHIPPED, segmenters]))
  const known = new Map<string, Segmentation>()
  const faults: string[] = []
  const resolve = (name: string, place: string) => {
    const read = segmentationOf(name, all.get(name))
    known.set(name, 'how' in read ? read.how : 'full')
    if ('fault' in read) faults.push(`${place}: ${read.fault}; these events are cut in full`)
  }
  if (!sameCut(all.get(SEARCH)!, OWN.get(SEARCH)!)) faults.push(`segmenters.conf [${SEARCH}]: searches are cut as the shipped one says`)
  resolve(INDEXING, 'events without SEGMENTATION')
  for (const [stanza, { SEGMENTATION: name }] of Object.entries(props))
    if (name) resolve(name, `props.conf [${stanza}] SEGMENTATION = ${name}`)
  if ([...known.values()].every((how) => how === 'full')) return { of: undefined, faults }
  const select = stanzaSelector(props)
  return { of: (origin) => known.get(select(origin).settings.SEGMENTATION || INDEXING)!, faults }
}

function segmentationOf(name: string, s: Settings | undefined): { readonly how: Segmentation } | { readonly fault: string } {
  if (!s) return { fault: `segmenters.conf has no [${name}]` }
  if (s.LOOKAHEAD === '0') return { how: 'none' }
  const how = (['full', 'inner', 'outer'] as const).find((own) => sameCut(s, OWN.get(own)!))
  if (!how) return { fault: `segmenters.conf [${name}] cuts otherwise than [full], [inner] and [outer], which Headstand does not support` }
  return { how: how === 'full' && isTrue(s.INTERMEDIATE_MAJORS) ? 'intermediate' : how }
}

/** Whether a segmenter has the breakers of one of our own, in any order, and nothing else that counts. */
function sameCut({ INTERMEDIATE_MAJORS: _, MAJOR: major, MINOR: minor, ...others }: Settings, own: Settings): boolean {
  return (
    Object.entries(others).every(([key, value]) => value === NEUTRAL[key]) &&
    sameBreakers(major!, own.MAJOR!) &&
    sameBreakers(minor!, own.MINOR!)
  )
}

function sameBreakers(a: string, b: string): boolean {
  const [x, y] = [breakersOf(a), breakersOf(b)]
  return x.size === y.size && [...x].every((breaker) => y.has(breaker))
}
const breakersOf = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/).filter((b) => b !== ''))

const OWN = withDefaults(SHIPPED)
