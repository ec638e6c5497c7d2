import { fieldKnowledge } from '../../../../knowledge/extract/field-knowledge'
import { stanzaSelector } from '../../../../knowledge/extract/select'
import { type Demand, ordered } from '../../../../spl/batch/demand'
import { knowledgeOf } from './support'

const valueFor = (props: string, o: { sourcetype?: string; source?: string; host?: string } = {}) =>
  stanzaSelector(knowledgeOf(props).props)({ sourcetype: 'st', source: '/var/log/a/b.log', host: 'Web01', ...o }).settings.k

describe('which stanzas hold for an event', () => {
  test.each([
    ['source before host before sourcetype', '[st]\nk=1\n[host::web01]\nk=2\n[source::/var/log/a/b.log]\nk=3', '3'],
    ['host before sourcetype, without case', '[st]\nk=1\n[host::web*]\nk=2', '2'],
    ['default last', '[default]\nk=0\n[other]\nk=1', '0'],
    ['* stops at a slash', '[source::/var/*/b.log]\nk=1', undefined],
    ['... does not', '[source::/var/.../b.log]\nk=1', '1'],
    ['a literal before a pattern', '[source::/var/log/...]\nk=1\n[source::/var/log/a/b.log]\nk=2', '2'],
    ['unless its priority is higher', '[source::/var/log/...]\nk=1\npriority=101\n[source::/var/log/a/b.log]\nk=2', '1'],
    ['equal patterns in ASCII order', '[source::.../b.log]\nk=2\n[source::...b.log]\nk=1', '2'],
    ['alternatives', '[source::/(var|tmp)/log/...]\nk=1', '1'],
    ['a dot is a dot', '[source::/var/log/a/bxlog]\nk=1', undefined],
    ['sources with case', '[source::/VAR/log/a/b.log]\nk=1', undefined],
    ['unless said', '[source::(?i)/VAR/log/a/b.log]\nk=1', '1'],
    ['sourcetypes by the idiom', '[(?::){0}s*]\nk=1', '1'],
  ])('%s', (_why, props, wanted) => expect(valueFor(props)).toBe(wanted))

  test('a renamed sourcetype has the settings of its target', () => {
    const props = '[st]\nk=1\nrename=new\n[new]\nk=2'
    expect(valueFor(props)).toBe('2')
  })
})

describe('what searches know of fields', () => {
  const k = fieldKnowledge(
    knowledgeOf(
      '[a]\nFIELDALIAS-x = Image AS path, Other ASNEW path\nEVAL-name = replace(path, "x", "y")\nREPORT-x = t\n[b]\nEVAL-user = lower(User)\nLOOKUP-l = t k OUTPUT out\nrename = c',
      '[t]\nREGEX = (\\d)(\\d)\nFORMAT = both::$1$2\nSOURCE_KEY = inner',
    ),
  )
  test.each([
    ['Image', ['Image']],
    ['path', ['path', 'Image', 'Other']],
    ['name', undefined],
    ['out', undefined],
    ['both', undefined],
    ['host', undefined],
    ['_time', undefined],
    ['user', undefined],
  ])('hints for %s', (field, wanted) => expect(k.hintable(field)).toEqual(wanted))
  test('only the stanzas of the scope count', () => {
    expect(k.hintable('user', { sourcetype: 'A' })).toEqual(['user'])
    expect(k.hintable('user', { sourcetype: 'B' })).toBeUndefined()
  })
  test('kinds', () => {
    expect(k.kindOf('path')).toEqual({ alias: ['Image', 'Other'] })
    expect([k.kindOf('name'), k.kindOf('out'), k.kindOf('host'), k.kindOf('x')]).toEqual([
      'calculated',
      'looked-up',
      'indexed',
      'extracted',
    ])
    expect(k.renames).toEqual(new Map([['b', 'c']]))
  })
  const demand = (...fields: string[]): Demand => ordered({ fields, except: [], ordered: false }, false)
  test('the demand holds what fields are made from', () => {
    expect(k.closeDemand(demand('host')).fields).toEqual(['host'])
    expect(new Set(k.closeDemand(demand('name')).fields)).toEqual(
      new Set(['name', 'path', 'Image', 'Other', '_raw', 'sourcetype', 'source', 'host']),
    )
    expect(k.closeDemand(demand('both')).fields).toContain('inner')
    expect(k.closeDemand(demand('na*')).fields).toEqual(expect.arrayContaining(['name', 'Image']))
  })
})
