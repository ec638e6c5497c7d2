import { cliCommand } from '../../../cli/cli-command'
import { choice, flag, instant, moment, port, text, texts, UsageError } from '../../../cli/flags'
import { readArguments } from '../../../cli/read-arguments'

const command = cliCommand({
  name: 'fetch',
  summary: 'Fetches.',
  operands: [
    { name: 'URL', help: 'what to fetch', least: 1, most: 1 },
    { name: 'FILE', help: 'where to', least: 0, most: 2 },
  ],
  flags: {
    host: text('ADDRESS', 'where', 'localhost', { env: ['FETCH_HOST', 'HOST'] }),
    port: port('which', 80, { env: 'FETCH_PORT' }),
    dir: texts('DIR', 'folders', { env: 'FETCH_DIR' }),
    quiet: flag('says nothing', { env: 'FETCH_QUIET' }),
    as: choice(['text', 'json'], 'form', 'text'),
    now: moment('now', {}),
    password: text('', 'a secret', undefined, { env: 'FETCH_PASSWORD', secret: true }),
  },
  examples: [],
  run: async () => 0,
})

const read = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => readArguments(command, args, env)
const refusal = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
  try {
    read(args, env)
  } catch (error) {
    return error instanceof UsageError ? error.message : `not a UsageError: ${error}`
  }
  return 'nothing refused'
}

test('usual values', () => {
  expect(read(['u']).flags).toEqual({
    host: 'localhost',
    port: 80,
    dir: [],
    quiet: false,
    as: 'text',
    now: undefined,
    password: undefined,
  })
})

test('flags stand anywhere, with their value behind a blank or an equals sign; of a repeated one the last counts', () => {
  const { flags, operands } = read(['--port', '81', 'u', '--host=a', '--dir', 'x', '--quiet', 'f', '--dir=y', '--host', 'b'])
  expect(operands).toEqual(['u', 'f'])
  expect(flags).toMatchObject({ port: 81, host: 'b', dir: ['x', 'y'], quiet: true })
})

test('a value may begin with a dash, and what stands behind -- is no flag', () => {
  expect(read(['u', '--host', '-24h']).flags.host).toBe('-24h')
  expect(read(['--', '--port']).operands).toEqual(['--port'])
})

test('variables count where no flag is given, the first that is not empty first', () => {
  const env = { FETCH_HOST: '', HOST: 'h', FETCH_PORT: '82', FETCH_DIR: 'a:b', FETCH_QUIET: 'yes', FETCH_PASSWORD: 'p' }
  expect(read(['u', '--port', '1'], env).flags).toMatchObject({ host: 'h', port: 1, dir: ['a', 'b'], quiet: true, password: 'p' })
})

test.each([
  [['u', '--prot', '1'], 'unknown flag --prot; did you mean --port?'],
  [['u', '--zebra'], 'unknown flag --zebra'],
  [['u', '-x'], 'unknown flag -x'],
  [['u', '--password', 'x'], 'unknown flag --password'],
  [['u', '--port'], '--port needs a value: N'],
  [['u', '--quiet=1'], '--quiet takes no value'],
  [['u', '--port', '65536'], "--port takes a port from 0 to 65535, not '65536'"],
  [['u', '--as', 'xml'], "--as takes text, json, not 'xml'"],
  [['u', '--now', 'yesterday'], "--now takes epoch seconds or a time such as 2024-05-01T10:00:00Z, not 'yesterday'"],
  [[], 'URL is missing: what to fetch'],
  [['u', 'a', 'b', 'c'], "'c' is one argument too many"],
] as const)('%j is refused', (args, said) => {
  expect(refusal(args)).toBe(said)
})

test('a bad variable is named', () => {
  expect(refusal(['u'], { FETCH_PORT: 'x' })).toBe("FETCH_PORT takes a port from 0 to 65535, not 'x'")
  expect(refusal(['u'], { FETCH_QUIET: 'perhaps' })).toBe("FETCH_QUIET takes 1 or 0, not 'perhaps'")
})

test('help asks for nothing else', () => {
  expect(read(['--help']).help).toBe(true)
  expect(read(['-h']).help).toBe(true)
  expect(read(['u']).help).toBe(false)
})

test.each([
  ['1700000000', 1_700_000_000],
  ['1700000000.25', 1_700_000_000.25],
  ['2023-11-14T22:13:20Z', 1_700_000_000],
  ['2023-11-14T23:13:20.5+01:00', 1_700_000_000.5],
  ['2023-11-14T22:13:20', undefined],
  ['2023-11-14', undefined],
  ['-1', undefined],
])('%s as a moment', (given, at) => {
  expect(instant(given)).toBe(at)
})
