import { readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import { cliCommands, main } from '../../../cli/main'
import { problemText } from '../../../cli/problem-text'
import { fitting } from '../../../cli/search/write-results'
import { bar, counted, StatusLine } from '../../../cli/status-line'
import { keptTerminal } from '../../support/terminal'

const run = async (args: readonly string[]) => {
  const terminal = keptTerminal()
  const code = await main(args, terminal)
  return { code, ...terminal.kept }
}

test('every file of commands/ is a command of its name, with a summary and an example', () => {
  const files = readdirSync(join(__dirname, '..', '..', '..', 'cli', 'commands')).map((file) => parse(file).name)
  expect(cliCommands().map(({ name }) => name)).toEqual(files.sort())
  for (const { summary, examples, flags } of cliCommands()) {
    expect(summary).toMatch(/^[A-Z].*[.]$/)
    expect(examples.length).toBeGreaterThan(0)
    for (const { help, env, secret } of Object.values(flags)) {
      expect(help).not.toBe('')
      expect(env.every((name) => /^(HEADSTAND|SPLUNK)_[A-Z_]+$/.test(name))).toBe(true)
      expect(secret === true && env.length === 0).toBe(false)
    }
  }
})

test.each([[['help']], [['--help']], [['-h']]])('%j lists the commands', async (args) => {
  const { code, out } = await run(args)
  expect(code).toBe(0)
  for (const { name } of cliCommands()) expect(out).toContain(`\n  ${name} `)
})

test('the help of a command names its flags, variables and secrets', async () => {
  const { code, out } = await run(['help', 'serve'])
  expect(code).toBe(0)
  expect(out).toContain('Usage: headstand serve [FLAGS]')
  expect(out).toContain('--hec-token TOKEN')
  expect(out).toContain('SPLUNK_HEC_TOKEN')
  expect(out).toContain('HEADSTAND_PASSWORD, SPLUNK_PASSWORD')
  expect(out).not.toContain('--password')
  expect((await run(['serve', '--help'])).out).toBe(out)
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})

test.each([
  [['serch', 'x'], "headstand: unknown command 'serch'; did you mean 'search'?\nSee: headstand help\n"],
  [['help', 'tset'], "headstand: unknown command 'tset'; did you mean 'test'?\nSee: headstand help\n"],
  [['search'], 'headstand: SPL is missing: the search; a leading "search" is implied\nSee: headstand help search\n'],
  [['ingest', 'x.log'], 'headstand: --db is missing: the folder of the store\nSee: headstand help ingest\n'],
  [['search', 'x', '--tz', 'Mars/Base'], "headstand: --tz : there is no time zone 'Mars/Base'\nSee: headstand help search\n"],
  [
    ['search', 'x', 'f.log', '--db', 'd'],
    'headstand: --db and files exclude each other: "headstand ingest" reads files into a store\nSee: headstand help search\n',
  ],
  [['test', 'no-such-folder'], 'headstand: There is no no-such-folder.\n'],
])('%j ends with 2', async (args, said) => {
  expect(await run(args)).toEqual({ code: 2, out: '', err: said })
})

test('without arguments it says what there is, and ends with 2', async () => {
  const { code, out, err } = await run([])
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('Usage: headstand COMMAND')
})

test('a problem is underlined in what was typed', () => {
  const problem = { code: 'x', phase: 'parse', severity: 'fatal', message: 'No.', span: { start: 9, end: 13 }, hint: 'Try.' } as const
  expect(problemText(problem, { text: 'a stat b', implied: 7 })).toBe('error: No.\n  a stat b\n    ^^^^\n  Try.\n')
  expect(problemText({ ...problem, span: { start: 0, end: 3 } }, { text: 'abc', implied: 7 })).toBe('error: No.\n  abc\n  ^\n  Try.\n')
  expect(problemText({ code: 'x', phase: 'run', severity: 'warn', message: 'Mind.' })).toBe('warning: Mind.\n')
})

test('events with many fields are shown by time and text, others whole', () => {
  const few = { fields: ['_raw', 'host', '_bkt', '_time'], rows: [['r', 'h', 'b', '1']] }
  expect(fitting(few)).toEqual({ table: { fields: ['_time', 'host', '_raw'], rows: [['1', 'h', 'r']] }, leftOut: 0 })
  const names = Array.from({ length: 9 }, (_, i) => `f${i}`)
  const many = { fields: ['_time', '_raw', ...names], rows: [['1', 'r', ...names]] }
  expect(fitting(many)).toEqual({ table: { fields: ['_time', '_raw'], rows: [['1', 'r']] }, leftOut: 9 })
  const transformed = { fields: [...names, '_x'], rows: [[...names, 'x']] }
  expect(fitting(transformed)).toEqual({ table: transformed, leftOut: 0 })
})

test('status lines are written over, and only where somebody watches', () => {
  jest.useFakeTimers({ doNotFake: ['performance'] })
  try {
    const lines: string[] = []
    const terminal = { ...keptTerminal(), err: (text: string) => void lines.push(text) }
    const unwatched = new StatusLine(terminal, () => 'x', 0)
    jest.advanceTimersByTime(1_000)
    unwatched.stop()
    expect(lines).toEqual([])
    const watched = new StatusLine({ ...terminal, watched: true, columns: 5 }, () => 'abcdef', 0)
    jest.advanceTimersByTime(200)
    watched.stop()
    expect(lines).toEqual(['\r\x1b[Kabcd', '\r\x1b[K'])
  } finally {
    jest.useRealTimers()
  }
  expect(bar(0.5, 4)).toBe('[##  ] 50 %')
  expect([bar(-1, 2), bar(2, 2)]).toEqual(['[  ] 0 %', '[##] 100 %'])
  expect([counted(1, 'match', 'matches'), counted(2000, 'event')]).toEqual(['1 match', '2,000 events'])
})
