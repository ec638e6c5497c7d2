import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, kinds, scaffold } from '../../../scripts/new.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'headstand-new-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each([
  ['command', 'streamby', ['spl/commands/streamby.ts', 'test/spec/commands/streamby.yaml']],
  ['function', 'json_sum', ['spl/functions/json-sum.ts', 'test/spec/functions/json-sum.yaml']],
  ['statistic', 'skew', ['spl/aggregations/skew.ts', 'test/spec/aggregations/skew.yaml']],
  ['endpoint', 'job-summary', ['server/endpoints/job-summary.ts', 'test/rest/job-summary.test.ts']],
  ['cli', 'lint', ['cli/commands/lint.ts']],
])('a %s has its definition and its cases', (kind, name, files) => {
  expect(create(root, kind, name)).toEqual(files)
  for (const file of files) expect(existsSync(join(root, file))).toBe(true)
  const definition = readFileSync(join(root, files[0]!), 'utf8')
  expect(definition).toContain(kind === 'endpoint' ? `path: 'job/summary'` : `name: '${name}'`)
})

test('every kind is tried above', () => {
  expect(kinds).toEqual(['command', 'function', 'statistic', 'endpoint', 'cli'])
})

test('a file that is there is not touched, and nothing else is written', () => {
  create(root, 'command', 'streamby')
  const path = join(root, 'test/spec/commands/streamby.yaml')
  rmSync(path)
  expect(() => create(root, 'command', 'streamby')).toThrow('spl/commands/streamby.ts is there already')
  expect(existsSync(path)).toBe(false)
})

test.each([
  ['nothing', 'x', 'usage: npm run new command|'],
  ['command', '../x', `'../x' is no name`],
  ['command', 'Stats', 'is no name'],
  ['command', undefined, 'is no name'],
  ['toString', 'x', 'usage'],
])('%s %s is refused', (kind, name, message) => {
  expect(() => scaffold(kind, name)).toThrow(message)
})
