import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseStringPromise } from 'xml2js'
import { main } from '../../../cli/main'
import { readCases } from '../../../detections/case'
import type { Rule } from '../../../detections/rule'
import { caseRunner } from '../../../detections/run'
import { createSearchHead } from '../../../search/main'
import { keptTerminal } from '../../support/terminal'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-rules-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function files(all: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
const run = async (...args: readonly string[]) => {
  const terminal = keptTerminal()
  const code = await main(['test', ...args], terminal)
  const out = terminal.kept.out.replaceAll(folder, '').replace(/\(\d+ ms\)/g, '(N ms)')
  return { code, out, err: terminal.kept.err.replaceAll(folder, '') }
}

const RULE = 'title: Failed\nlogic: failed | table host\n'
const test1 = (expected: string) =>
  `tests:\n  - name: one\n    given:\n      - event: it failed\n        host: h\n      - event: it went well\n    expect: ${expected}\n`

test('tests that pass, and a rule without any', async () => {
  files({ 'a/failed.yml': RULE, 'a/failed.test.yml': test1('{rows: [{host: h}]}'), 'b.yml': RULE, 'notes.yml': 'x: 1\n' })
  expect(await run(folder)).toEqual({
    code: 0,
    out: '/a/failed.yml\n  Failed (failed)\n    ✓ one (N ms)\n/b.yml\n  Failed (b): no tests\n1 passed, 0 failed, 1 rule without tests\n',
    err: '',
  })
})

test('a test that fails says why, and the exit code is 1', async () => {
  files({ 'failed.yml': RULE, 'failed.test.yml': test1('quiet') })
  expect(await run(join(folder, 'failed.test.yml'))).toEqual({
    code: 1,
    out: '/failed.yml\n  Failed (failed)\n    ✗ one (N ms)\n        expected it to stay quiet, got 1 row\n        got row 1: host="h"\n0 passed, 1 failed\n',
    err: '',
  })
})

test('a rule that cannot be read is underlined, and the exit code is 2, whatever else fails', async () => {
  files({ 'bad.yml': 'logic: failed | evil\n', 'bad.test.yml': test1('fires'), 'failed.yml': RULE, 'failed.test.yml': test1('quiet') })
  const { code, out } = await run(folder)
  expect(code).toBe(2)
  expect(out).toContain('    ! one (N ms)\n        ')
  expect(out).toContain('\n        failed | evil\n                 ^^^^\n')
  expect(out).toMatch(/\n0 passed, 1 failed, 1 could not run\n$/)
})

test.each([
  ['a broken test file', { 'failed.yml': RULE, 'failed.test.yml': 'tests: x\n' }, '  ! /failed.test.yml: tests must be a list\n'],
  ['a broken rule', { 'failed.yml': "logic: 'x\n" }, "  ! /failed.yml: Missing closing 'quote"],
  [
    'a file that is not there',
    { 'failed.yml': RULE, 'failed.test.yml': 'tests:\n  - name: one\n    given: [gone.log]\n    expect: quiet\n' },
    'gone.log',
  ],
])('%s', async (_what, given, said) => {
  files(given as Readonly<Record<string, string>>)
  const { code, out } = await run(folder)
  expect(code).toBe(2)
  expect(out).toContain(said)
  expect(out).toContain('1 could not run')
})

test('no test at all is not a success', async () => {
  files({ 'failed.yml': RULE })
  expect(await run(folder)).toMatchObject({ code: 2, err: 'headstand: there is no test\n' })
})

test('saved searches are named by the test; their window counts when the test fixes the clock', async () => {
  const conf =
    '[First]\nsearch = failed | table host\ndispatch.earliest_time = -1h\ndispatch.latest_time = now\n[Second]\nsearch = failed | head 1 | table host\n'
  const lines = (name: string, more: string) =>
    `  - name: ${name}\n    ${more}\n    given:\n      - event: failed\n        time: 2024-05-01T10:00:00Z\n`
  files({
    'savedsearches.conf': conf,
    'savedsearches.test.yml': `tests:\n${lines('in', 'rule: First\n    now: 2024-05-01T10:30:00Z\n    expect: fires')}${lines('out', 'rule: First\n    now: 2024-05-01T12:00:00Z\n    expect: quiet')}${lines('all', 'rule: First\n    expect: fires')}${lines('own', 'rule: Second\n    earliest: "1714557601"\n    expect: quiet')}${lines('none', 'expect: quiet')}${lines('other', 'rule: Third\n    expect: quiet')}`,
  })
  const { code, out } = await run(folder)
  expect(out).toBe(
    "/savedsearches.conf\n  ! /savedsearches.test.yml: 'none' must say by 'rule' which of 'First', 'Second' it tests.\n  ! /savedsearches.test.yml: 'other' tests 'Third', which is none of 'First', 'Second'.\n  First\n    ✓ in (N ms)\n    ✓ out (N ms)\n    ✓ all (N ms)\n  Second\n    ✓ own (N ms)\n4 passed, 0 failed, 2 could not run\n",
  )
  expect(code).toBe(2)
})

test('JUnit', async () => {
  files({
    'a.yml': RULE,
    'a.test.yml': test1('quiet'),
    'b.yml': 'title: "<b> & \\"c\\""\nlogic: failed\n',
    'b.test.yml': test1('fires'),
    'c.yml': 'logic: failed | evil\n',
    'c.test.yml': test1('fires'),
    'd.yml': "logic: 'x\n",
  })
  const report = join(folder, 'report.xml')
  await run(folder, '--junit', report)
  const { testsuites } = await parseStringPromise(readFileSync(report, 'utf8'))
  const suites = testsuites.testsuite.map(({ $, testcase }: { $: object; testcase: object[] }) => ({ ...$, time: undefined, testcase }))
  expect(suites).toMatchObject([
    {
      name: join(folder, 'a.yml'),
      tests: '1',
      failures: '1',
      errors: '0',
      testcase: [{ failure: [{ $: { message: 'expected it to stay quiet, got 1 row' } }] }],
    },
    { tests: '1', failures: '0', errors: '0', testcase: [{ $: { classname: '<b> & "c"', name: 'one' } }] },
    { tests: '1', failures: '0', errors: '1', testcase: [{ error: [{ _: expect.stringContaining('failed | evil\n') }] }] },
    { tests: '1', failures: '0', errors: '1', testcase: [{ $: { name: 'is read' } }] },
  ])
})

test('tests over the same events share a head, each with the outcome that it has alone', async () => {
  const given = '    given: [{event: it failed}, {event: it went well}, {event: it failed again}]\n'
  const text = (name: string, expected: string, more = '') => `  - name: ${name}\n${given}    expect: ${expected}\n${more}`
  const [first, second, third, later] = readCases(
    join(folder, 'x.test.yml'),
    `tests:\n${text('a', '{count: 2}')}${text('b', 'quiet')}${text('c', 'fires')}${text('d', 'fires', '    now: 1700000000\n')}`,
  )
  const rule = (id: string, search: string): Rule => ({ id, title: id, file: 'x', search })
  const failed = rule('failed', 'failed')
  const bad = rule('bad', 'failed | evil')
  const cases = [
    { rule: failed, test: first! },
    { rule: failed, test: second! },
    { rule: bad, test: third! },
    { rule: rule('counted', '* | stats count as n | where n=3'), test: later! },
  ]
  let heads = 0
  const run = caseRunner(cases, (options) => {
    heads++
    return createSearchHead(options)
  })
  const outcomes = []
  for (const one of cases) outcomes.push((await run(one)).outcome)
  expect(outcomes.map((o) => o.status)).toEqual(['passed', 'failed', 'broken', 'passed'])
  expect(outcomes[1]).toMatchObject({ why: [expect.stringContaining('got 2 rows'), expect.anything(), expect.anything()] })
  expect(outcomes[2]).toMatchObject({ why: [expect.stringContaining('evil'), 'failed | evil', '         ^^^^', expect.anything()] })
  expect(heads).toBe(2)
})
