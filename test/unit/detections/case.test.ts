import { join } from 'node:path'
import { BadCase, readCases } from '../../../detections/case'
import { differences } from '../../../detections/compare'

const one = (lines: string) => readCases('t/a.test.yml', `tests:\n  - name: n\n${lines.replace(/^/gm, '    ')}\n`)[0]!
const refusal = (text: string): string => {
  try {
    readCases('t/a.test.yml', text)
  } catch (error) {
    return error instanceof BadCase ? error.message : `not a BadCase: ${error}`
  }
  return 'nothing refused'
}

test('events of files and of the test itself', () => {
  const { given } = one(
    'given:\n  - x/a.xml\n  - file: /b.log\n    sourcetype: s\n  - event: |\n      one\n      two\n    time: 2024-05-01T10:00:00Z\n    host: 5\nexpect: quiet',
  )
  expect(given).toEqual([
    { file: join('t', 'x', 'a.xml'), origin: {} },
    { file: '/b.log', origin: { sourcetype: 's' } },
    { event: 'one\ntwo', origin: { time: 1714557600, host: '5' } },
  ])
})

test.each([
  ['expect: fires', { fires: true }],
  ['expect: quiet', { fires: false }],
  ['expect: {fires: false}', { fires: false }],
  ['expect: {quiet: false}', { fires: true }],
  ['expect: {count: 2, fields: [a, b]}', { count: 2, fields: ['a', 'b'] }],
  ['expect: {rows: [{a: 1, b: [x, 2], c: "1.0", d: true}]}', { rows: [{ a: '1', b: ['x', '2'], c: '1.0', d: 'true' }] }],
])('%s', (text, expected) => {
  expect(one(text).expect).toEqual(expected)
})

test('clock, window and rule', () => {
  expect(one('now: 5\nearliest: -1h\nlatest: now\nrule: R\nexpect: fires')).toMatchObject({
    now: 5,
    earliest: '-1h',
    latest: 'now',
    rule: 'R',
  })
})

const body = (lines: string) => `tests:\n  - name: n\n    ${lines}\n`
test.each([
  ['test: 1\n', "t/a.test.yml: the file: unknown key 'test'; there are tests"],
  ['[]', 't/a.test.yml: the file must have the keys tests'],
  ['tests: {}\n', 't/a.test.yml: tests must be a list'],
  ['tests:\n  - given: []\n    expect: quiet\n', 't/a.test.yml: test 1: name must be a text'],
  [body('expects: quiet'), "t/a.test.yml: test 1: unknown key 'expects'; there are name, rule, given, expect, now, earliest, latest"],
  [body('given: []'), "t/a.test.yml: 'n': expect must have the keys fires, quiet, count, rows, fields"],
  [body('expect: {}'), "t/a.test.yml: 'n': expect: says nothing; fires, quiet, count, rows or fields must be there"],
  [body('expect: {fires: true, quiet: false}'), "t/a.test.yml: 'n': expect: 'fires' and 'quiet' say the same thing; one must go"],
  [body('expect: {count: many}'), "t/a.test.yml: 'n': expect: count must be a whole number"],
  [body('expect: {fires: 1}'), "t/a.test.yml: 'n': expect: fires must be true or false"],
  [body('expect: {rows: [1]}'), "t/a.test.yml: 'n': expect: row 1: must be fields with their values"],
  [
    body('{expect: quiet, given: [{host: h}]}').replace('name: n\n    ', '').replace('{expect', '{name: n, expect'),
    "t/a.test.yml: 'n': given 1: either 'file' or 'event' must be there",
  ],
  [body('now: 2024-05-01\n    expect: quiet'), "t/a.test.yml: 'n': now must be epoch seconds or a time such as 2024-05-01T10:00:00Z"],
  ['tests: [\n', 't/a.test.yml: Flow sequence in block collection'],
])('%j is refused', (text, said) => {
  expect(refusal(text)).toContain(said)
})

const rows = {
  fields: ['_time', 'a', 'b'],
  rows: [
    ['1714557600', 'x', null],
    ['5', ['p', 'q'], '2'],
  ],
} as const

test.each([
  [{ fires: true }, rows, []],
  [{ count: 2, fields: ['a'] }, rows, []],
  [
    {
      rows: [
        { _time: '2024-05-01T10:00:00Z', a: 'x' },
        { _time: '5', a: ['p', 'q'], b: '2' },
      ],
    },
    rows,
    [],
  ],
  [{ fires: false }, { fields: [], rows: [] }, []],
  [{ fires: true }, { fields: [], rows: [] }, ['expected it to fire, got no rows']],
  [{ count: 1 }, { fields: [], rows: [] }, ['expected 1 row, got 0']],
])('%j is met or not', (expected, got, wrong) => {
  expect(differences(expected, got)).toEqual(wrong)
})

const shown = ['got row 1: _time="1714557600" a="x"', 'got row 2: _time="5" a=["p","q"] b="2"']
test.each([
  [{ fires: false }, ['expected it to stay quiet, got 2 rows']],
  [{ rows: [{ a: 'x' }] }, ['expected 1 row, got 2']],
  [{ fields: ['a', 'b', 'c'] }, ['row 1 has no b', 'row 1 has no c']],
  [
    {
      rows: [
        { a: 'y', c: 'z' },
        { _time: '5', a: ['q', 'p'], b: '2' },
      ],
    },
    [
      'row 1, a: expected "y", got "x"',
      'row 1, c: expected "z", got nothing',
      'row 1, _time: expected nothing, got "1714557600"',
      'row 2, a: expected ["q","p"], got ["p","q"]',
    ],
  ],
])('%j is not met, and the rows that came are shown', (expected, wrong) => {
  expect(differences(expected, rows)).toEqual([...wrong, ...shown])
})

test('of many rows three are shown', () => {
  const many = { fields: ['a'], rows: Array.from({ length: 5 }, (_, i) => [String(i)]) }
  expect(differences({ count: 1 }, many)).toEqual([
    'expected 1 row, got 5',
    'got row 1: a="0"',
    'got row 2: a="1"',
    'got row 3: a="2"',
    'and 2 rows more',
  ])
})
