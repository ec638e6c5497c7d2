import { loadLanguage } from '../../../search/load-language'
import { readSearch } from '../../../search/read'
import {
  indexesOf,
  indexMatches,
  parameterRanges,
  resolveFilter,
  type TimeParameters,
  type TimeRange,
  zoneOf,
} from '../../../search/resolve'
import { nodes, type Predicate } from '../../../spl/expressions/predicate'
import { planSearch } from '../../../spl/plan/plan'
import { SplProblem } from '../../../spl/text/problem'
import { plainSource } from '../../../spl/text/source'
import { UTC } from '../../../spl/values/time/zone'

/** 2026-01-02T03:04:05Z, a Friday. */
const NOW = 1_767_323_045
const DAY = 86_400
const MIDNIGHT = NOW - (NOW % DAY)

const language = loadLanguage()
function filterOf(text: string): Predicate {
  const { stages, problems } = readSearch(`search ${text}`, language, plainSource)
  expect(problems).toEqual([])
  const { origin } = planSearch(stages, language, { optimize: false })
  if (!('filter' in origin)) throw new Error('no filter')
  return origin.filter
}
const code = (work: () => unknown): string => {
  try {
    work()
  } catch (e) {
    if (e instanceof SplProblem) return e.problem.code
    throw e
  }
  return 'none'
}

describe('times of a request', () => {
  const range = (r: TimeParameters) => parameterRanges(r, NOW).range
  const open = { earliest: Number.NEGATIVE_INFINITY, latest: Number.POSITIVE_INFINITY }

  it.each<[string, TimeParameters, Partial<TimeRange>]>([
    ['nothing is all time', {}, {}],
    ['blanks are nothing', { earliest: ' ', latest: '' }, {}],
    ['0 is open at the beginning', { earliest: '0' }, {}],
    ['epoch seconds', { earliest: '1767000000.5', latest: '1767000001' }, { earliest: 1_767_000_000.5, latest: 1_767_000_001 }],
    ['modifiers', { earliest: '-1d@d', latest: '@d' }, { earliest: MIDNIGHT - DAY, latest: MIDNIGHT }],
    ['now', { latest: ' now ' }, { latest: NOW }],
    ["the user's zone", { earliest: '@d', timeZone: 'Europe/Berlin' }, { earliest: MIDNIGHT - 3600 }],
    ['a zone that is not known is UTC', { earliest: '@d', timeZone: 'Nowhere/City' }, { earliest: MIDNIGHT }],
  ])('%s', (_name, request, expected) => {
    expect(range(request)).toEqual({ ...open, ...expected })
  })

  it.each<[string, TimeParameters, string]>([
    ['a text that is no time', { earliest: 'yesterday-ish' }, 'bad-time-parameter'],
    ['of index times too', { indexLatest: '??' }, 'bad-time-parameter'],
    ['the end before the beginning', { earliest: 'now', latest: '-1h' }, 'time-order'],
    ['real time', { earliest: 'rt-5m', latest: 'rt' }, 'realtime-refused'],
  ])('refuses %s', (_name, request, expected) => {
    expect(code(() => range(request))).toBe(expected)
  })

  it('names the parameter that it refuses', () => {
    expect(() => range({ indexEarliest: 'x' })).toThrow('Invalid index_earliest.')
    expect(() => range({ latest: 'x' })).toThrow('Invalid latest_time.')
  })
  it('knows UTC without being told', () => {
    expect(zoneOf({})).toBe(UTC)
  })
})

const fields = { hintable: (name: string) => (/^(host|source|calc)$/.test(name) ? undefined : [name]), renames: new Map() }
const resolve = (text: string, more: { readonly range?: TimeRange; readonly indexed?: TimeRange } = {}) =>
  resolveFilter(filterOf(text), {
    now: NOW,
    zone: UTC,
    range: { earliest: 1000, latest: 2000 },
    fields: fields as never,
    ...more,
  })
/** Comparisons of a field, wherever they stand. */
const compared = (p: Predicate, field: string): string[] =>
  [...nodes(p)].flatMap((n) => ('compare' in n && n.compare[0] === field ? [`${n.compare[1]}${n.compare[2]}`] : []))
const tokens = (p: Predicate): string[] => [...nodes(p)].flatMap((n) => ('tokens' in n ? [n.tokens] : []))

describe('times in a search', () => {
  it.each<[string, number, number]>([
    ['earliest=-1h latest=now', NOW - 3600, NOW],
    ['earliest=-1h', NOW - 3600, NOW],
    ['latest=-1h', Number.NEGATIVE_INFINITY, NOW - 3600],
    ['earliest=1767000000 latest=1767000100', 1_767_000_000, 1_767_000_100],
    ['starttimeu=100 endtimeu=200', 100, 200],
    ['starttime=01/02/2026:00:00:00 endtime=01/02/2026:01:00:00', MIDNIGHT, MIDNIGHT + 3600],
    ['timeformat=%Y-%m-%d starttime=2026-01-02 endtime=2026-01-03', MIDNIGHT, MIDNIGHT + DAY],
    ['daysago=2', NOW - 2 * DAY, NOW],
    ['starthoursago=3 endhoursago=1', NOW - 3 * 3600, NOW - 3600],
    ['(earliest=100 latest=200) OR (earliest=500 latest=600)', 100, 600],
    ['(earliest=100 latest=200 a) OR b', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['NOT (earliest=100 latest=200)', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('%s', (text, earliest, latest) => {
    expect(resolve(text)).toMatchObject({ range: { earliest, latest }, overridden: true })
  })

  it('leaves the range of the request alone where it says nothing', () => {
    expect(resolve('error _index_earliest=-1h')).toMatchObject({ range: { earliest: 1000, latest: 2000 }, overridden: false })
  })
  it('gives each alternative its own window', () => {
    expect(compared(resolve('(earliest=100 latest=200 a) OR (earliest=500 latest=600 b)').filter, '_time')).toEqual([
      '>=100',
      '<200',
      '>=500',
      '<600',
    ])
  })
  it('compares index times with what the search says, else with what the request says', () => {
    const indexed = { earliest: 50, latest: 60 }
    expect(compared(resolve('error', { indexed }).filter, '_indextime')).toEqual(['>=50', '<60'])
    expect(compared(resolve('error', { indexed: { earliest: 50, latest: Number.POSITIVE_INFINITY } }).filter, '_indextime')).toEqual([
      '>=50',
    ])
    expect(compared(resolve('error _index_earliest=70', { indexed }).filter, '_indextime')).toEqual(['>=70'])
    expect(compared(resolve('error').filter, '_indextime')).toEqual([])
  })
  it('gives every node its own id', () => {
    const ids = [...nodes(resolve('(a=1 earliest=-1h) OR (b IN (1,2) latest=now)', { indexed: { earliest: 1, latest: 2 } }).filter)].map(
      (n) => n.id,
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each([
    ['earliest=nonsense', 'bad-time-term'],
    ['starttime=2026-01-02', 'bad-time-term'],
    ['earliest=now latest=-1h', 'time-bounds'],
  ])('refuses %s', (text, expected) => {
    expect(code(() => resolve(text))).toBe(expected)
  })
})

describe('values of fields', () => {
  it.each<[string, string[]]>([
    ['user=alice', ['alice']],
    ['user!=alice', []],
    ['user IN (alice, "bob smith")', ['alice', 'bob smith']],
    ['user=*', []],
    ['user=al*', ['al*']],
    ['ip=10.0.0.0/8', []],
    ['host=web calc=3', []],
    ['NOT user=alice', ['alice']],
  ])('%s must stand in the event as terms', (text, expected) => {
    expect(tokens(resolve(text).filter)).toEqual(expected)
  })
})

describe('where a search looks', () => {
  const existing = ['_audit', '_internal', 'audit', 'main', 'other', 'web']
  const where = (text: string, allowed = ['*'], defaults = ['main']) => indexesOf(filterOf(text), existing, allowed, defaults)

  it.each<[string, string[]]>([
    ['error', ['main']],
    ['index=web', ['web']],
    ['index=WEB', ['web']],
    ['index=*', ['audit', 'main', 'other', 'web']],
    ['index=w* OR index=other', ['other', 'web']],
    ['index=web index=other', []],
    ['index IN (web, nowhere)', ['web']],
    ['index::web', ['web']],
    ['index!=main', []],
    ['NOT index=main', []],
    ['NOT index!=web', ['web']],
    ['index=* index!=main', ['audit', 'other', 'web']],
    ['index=* NOT index IN (main, web)', ['audit', 'other']],
    ['index!=main host::web', []],
    ['(index=web a) OR b', existing.filter((n) => !n.startsWith('_'))],
    ['index=_internal', []],
    ['index=nowhere', []],
  ])('%s', (text, expected) => {
    expect(where(text)).toEqual(expected)
  })
  it.each<[string, string[], string[], string[]]>([
    ['error', ['*'], ['*'], ['audit', 'main', 'other', 'web']],
    ['error', ['main'], ['main', 'web'], ['main']],
    ['index=*', ['web', 'm*'], ['main'], ['main', 'web']],
    ['index=_internal', ['*', '_*'], ['main'], ['_internal']],
    ['index=_*', ['*', '_*'], ['main'], ['_audit', '_internal']],
    ['index!=main', ['*'], ['main', 'web'], ['web']],
    ['index=web', [], ['web'], []],
  ])('%s of what a role may see (%j, by default %j)', (text, allowed, defaults, expected) => {
    expect(where(text, allowed, defaults)).toEqual(expected)
  })
  it('knows that a star does not reach internal indexes', () => {
    expect(['*', '_*', '*rnal', '_internal'].map((p) => indexMatches(p, '_internal'))).toEqual([false, true, false, true])
  })
})
