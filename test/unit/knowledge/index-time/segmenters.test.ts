import { readConf, stanzasOf } from '../../../../knowledge/conf'
import { indexTimeSegmentation } from '../../../../knowledge/index-time/segmenters'

const read = (props: string, segmenters = '') =>
  indexTimeSegmentation(Object.fromEntries(stanzasOf(readConf(props))), stanzasOf(readConf(segmenters)))
/** How events of the sourcetype `t` are cut when it names the segmenter. */
const how = (name: string, segmenters = '') => {
  const { of, faults } = read(`[t]\nSEGMENTATION = ${name}`, segmenters)
  return [of?.({ sourcetype: 't', source: 's', host: 'h' }) ?? 'full', ...faults]
}
const REFUSED = expect.stringMatching(/^props\.conf \[t\] SEGMENTATION = \S+: segmenters\.conf .*; these events are cut in full$/)

test.each([
  ['full', 'full'],
  ['indexing', 'full'],
  ['inner', 'inner'],
  ['standard', 'inner'],
  ['outer', 'outer'],
  ['none', 'none'],
])('%s is shipped', (name, cut) => expect(how(name)).toEqual([cut]))

test.each(['search', 'whitespace-only', 'meta-tokenizer', 'nosuch'])('%s is refused with a line', (name) =>
  expect(how(name)).toEqual(['full', REFUSED]),
)

const INNER =
  'MAJOR = _ [ ] < > ( ) { } | ! ; , \' " * \\n \\r \\s \\t / : = @ . ? - & $ # + % \\\\ %21 %26 %2526 %3B %7C %20 %2B %3D -- %2520'
test.each([
  ['nothing said', '[own]', ['full']],
  ['the breakers of [inner] in another order', `[own]\n${INNER}\nMINOR =`, ['inner']],
  ['those of [inner] and minor ones', `[own]\n${INNER}`, ['full', REFUSED]],
  ['breakers of its own', '[own]\nMAJOR = ,\nMINOR =', ['full', REFUSED]],
  ['INTERMEDIATE_MAJORS', '[own]\nINTERMEDIATE_MAJORS = true', ['intermediate']],
  ['LOOKAHEAD = 0', '[own]\nLOOKAHEAD = 0', ['none']],
  ['LOOKAHEAD', '[own]\nLOOKAHEAD = 100', ['full', REFUSED]],
  ['what says nothing', '[own]\nLOOKAHEAD = -1\nFILTER =\nMINOR_LEN = -1', ['full']],
  ['FILTER', '[own]\nFILTER = ^x', ['full', REFUSED]],
  ['MINOR_COUNT', '[own]\nMINOR_COUNT = 3', ['full', REFUSED]],
  ['an unknown key', '[own]\nCOLOUR = red', ['full', REFUSED]],
])('a segmenter of an app: %s', (_what, segmenters, wanted) => expect(how('own', segmenters)).toEqual(wanted))

test('[default] of segmenters.conf holds for those that say nothing themselves', () => {
  expect(how('indexing', '[default]\nINTERMEDIATE_MAJORS = 1')).toEqual(['intermediate'])
  expect(how('outer', '[default]\nMINOR_LEN = 5')).toEqual(['full', ...Array(3).fill(expect.any(String))])
})

test('stanzas of source, host and sourcetype, as for the other rules of index time; the rest is cut as [indexing] says', () => {
  const props = '[t]\nSEGMENTATION = inner\n[host::quiet*]\nSEGMENTATION = none\n[source::/full]\nSEGMENTATION = full\n[u]\nTRUNCATE = 5'
  const { of, faults } = read(props, '[indexing]\nLOOKAHEAD = 0')
  const cut = (sourcetype: string, source: string, host: string) => of!({ sourcetype, source, host })
  expect(faults).toEqual([])
  expect([cut('t', 's', 'h'), cut('t', 's', 'Quiet1'), cut('t', '/full', 'quiet'), cut('u', 's', 'h')]).toEqual([
    'inner',
    'none',
    'full',
    'none',
  ])
})

test('where all is cut in full nobody has to ask', () => {
  expect(read('[t]\nSEGMENTATION = full\nSEGMENTATION-raw = none\n[u]')).toEqual({ of: undefined, faults: [] })
})

test('a changed [search] is told: searches are cut as ever', () => {
  expect(read('', '[search]\nMAJOR = ,').faults).toEqual([expect.stringContaining('segmenters.conf [search]')])
})
