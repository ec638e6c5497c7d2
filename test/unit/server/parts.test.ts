import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isLoopback, refusedBinding } from '../../../server/binding'
import { selfMadeCertificate } from '../../../server/certificate'
import { readCaller, sessionCookie } from '../../../server/credentials'
import { HttpProblem } from '../../../server/errors'
import { parseForm } from '../../../server/form'
import { listed, listParams } from '../../../server/listing'
import { lineLog } from '../../../server/log'
import { choice, flag, integer, needed, readParams, seconds, texts, unsupported } from '../../../server/params'
import { readClientMessage } from '../../../server/search-messages'
import { Sessions } from '../../../server/sessions'
import { adminAccount, DEFAULT_PASSWORD, DEFAULT_TOKEN } from '../../../server/settings'

const said = (job: () => unknown): string => {
  try {
    job()
    return 'nothing thrown'
  } catch (error) {
    return error instanceof HttpProblem ? `${error.status} ${error.messages[0]!.type} ${error.message}` : `thrown: ${error}`
  }
}

describe('parameters', () => {
  const shapes = {
    name: needed(),
    count: integer(30, -1),
    on: flag(true),
    f: texts,
    mode: choice(['a', 'b'], 'a'),
    at: seconds,
    odd: unsupported('0'),
  }
  const read = (query: string, unknown: 'refuse' | 'echo' | 'ignore' = 'ignore') => readParams(shapes, parseForm(query), unknown)

  test('usual values and given ones', () => {
    expect(read('name=n').args).toEqual({ name: 'n', count: 30, on: true, f: [], mode: 'a', at: undefined, odd: undefined })
    expect(read('name=n&count=-1&on=False&f=x&f=y&mode=b&at=12.5&odd=0').args).toMatchObject({
      count: -1,
      on: false,
      f: ['x', 'y'],
      mode: 'b',
      at: 12.5,
    })
  })
  test('unknown ones', () => {
    expect(said(() => read('name=n&foo=1', 'refuse'))).toBe('400 ERROR Argument "foo" is not supported by this handler.')
    expect([...read('name=n&custom.x=1&output_mode=json', 'echo').others]).toEqual([['custom.x', ['1']]])
    expect([...read('name=n&foo=1').others]).toEqual([])
  })
  test('refusals', () => {
    expect(said(() => read(''))).toBe('400 ERROR The following required arguments are missing: name.')
    expect(said(() => read('name=n&count=1.5'))).toContain('400 ERROR Invalid value "1.5"')
    expect(said(() => read('name=n&count=-2'))).toContain('Invalid value "-2"')
    expect(said(() => read('name=n&on=maybe'))).toContain('Invalid value "maybe"')
    expect(said(() => read('name=n&odd=1'))).toBe('400 FATAL Not supported by Headstand: odd=1.')
  })
})

describe('lists', () => {
  const entry = (name: string, n: number) => ({
    name,
    path: `/${name}`,
    author: 'a',
    links: {},
    acl: {},
    content: { n, text: `t-${name}`, request: { label: name } },
  })
  const entries = [entry('b', 10), entry('A', 9), entry('c', 9)]
  const list = (query: string) => {
    const { entries: found, paging } = listed(entries, readParams(listParams, parseForm(query), 'ignore').args)
    return `${found.map(({ name }) => name).join('')} ${paging!.total}/${paging!.perPage}/${paging!.offset}`
  }
  test.each([
    ['', 'Abc 3/30/0'],
    ['count=2', 'Ab 3/2/0'],
    ['count=2&offset=2', 'c 3/2/2'],
    ['count=-1&offset=9', ' 3/10000000/9'],
    ['sort_key=n', 'Acb 3/30/0'],
    ['sort_key=n&sort_dir=desc', 'bcA 3/30/0'],
    ['sort_mode=alpha_case', 'Abc 3/30/0'],
    ['search=name%3DB', 'b 1/30/0'],
    ['search=n%3D9+OR+name%3Db', 'Abc 3/30/0'],
    ['search=n%3D9+t-c', 'c 1/30/0'],
    ['search=request.label%3Dc', 'c 1/30/0'],
    ['search=*', 'Abc 3/30/0'],
  ])('%s', (query, expected) => expect(list(query)).toBe(expected))
  test('f keeps some of the content', () => {
    const args = readParams(listParams, parseForm('f=t*&count=1'), 'ignore').args
    expect(listed(entries, args).entries[0]!.content).toEqual({ text: 't-A' })
  })
})

describe('sessions and credentials', () => {
  let now = 0
  const sessions = new Sessions(3600, () => now)
  const account = adminAccount('secret')
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test('a key lives an hour after its last use', () => {
    const key = sessions.open(account)
    now += 3599
    expect(sessions.use(key)).toBe(account)
    now += 3599
    expect(sessions.use(key)).toBe(account)
    now += 3600
    expect(sessions.use(key)).toBeUndefined()
  })
  test('every way in', () => {
    const key = sessions.open(account)
    const call = (headers: Record<string, string>) => readCaller(headers, [account], sessions).account.name
    expect(call({ authorization: `Splunk ${key}` })).toBe('admin')
    expect(call({ authorization: `bearer ${key}` })).toBe('admin')
    expect(call({ authorization: basic('admin:secret') })).toBe('admin')
    expect(call({ cookie: `home_made=yummy; splunkd_8089=${key}` })).toBe('admin')
    expect(said(() => call({}))).toBe('401 ERROR Unauthorized')
    expect(said(() => call({ cookie: 'a=b' }))).toBe('401 ERROR Unauthorized')
    expect(said(() => call({ authorization: basic('admin:wrong') }))).toBe('401 ERROR Unauthorized')
    expect(said(() => call({ authorization: 'Splunk wrong' }))).toBe('401 WARN call not properly authenticated')
    expect(said(() => call({ cookie: 'splunkd_8089=wrong' }))).toBe('401 WARN call not properly authenticated')
  })
  test('a closed session is over', () => {
    const key = sessions.open(account)
    expect(sessions.close(key)).toBe(true)
    expect(sessions.use(key)).toBeUndefined()
  })
  test('cookies keep what follows an equals sign', () => {
    expect(sessionCookie('x=1; splunkd_8089="a^b=c"')).toEqual({ name: 'splunkd_8089', value: 'a^b=c' })
  })
})

test('the default password is for this machine only', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true, true])
  expect(['0.0.0.0', '::', '192.168.1.2', 'example.org', '::ffff:10.0.0.1'].map(isLoopback)).toEqual([false, false, false, false, false])
  const at = (address: string, passwords: readonly string[], token: string) =>
    refusedBinding({ address, accounts: passwords.map((password) => ({ password })), tokens: [{ token }] })
  expect(at('127.0.0.1', [DEFAULT_PASSWORD], DEFAULT_TOKEN)).toBeUndefined()
  expect(at('0.0.0.0', ['own'], 'own')).toBeUndefined()
  expect(at('0.0.0.0', ['own', DEFAULT_PASSWORD], 'own')).toContain('default password')
  expect(at('0.0.0.0', ['own'], DEFAULT_TOKEN)).toContain('default token')
})

test('a certificate of the curve that is made quickly, for the address and for localhost', async () => {
  const { key, cert } = await selfMadeCertificate('127.0.0.1')
  expect(createPrivateKey(key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  expect(new X509Certificate(cert).checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(new X509Certificate(cert).checkHost('localhost')).toBe('localhost')
})

test('the log: one line a message, from its level on', () => {
  const lines: string[] = []
  const log = lineLog('info', (line) => lines.push(line))
  log.debug('no')
  log.info('one\ntwo\u001b[0m')
  log.error('bad')
  expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(['INFO  one\\ntwo\\x1b[0m\n', 'ERROR bad\n'])
})

describe("a client's message", () => {
  test('the three types', () => {
    expect(readClientMessage('{"type":"search","id":"1","search":"x","latest_time":5}')).toEqual({
      type: 'search',
      id: '1',
      search: 'x',
      latest_time: '5',
      preview: true,
    })
    expect(readClientMessage('{"type":"attach","id":"1","sid":"s"}')).toEqual({ type: 'attach', id: '1', sid: 's', offset: 0 })
    expect(readClientMessage('{"type":"cancel","id":"1"}')).toEqual({ type: 'cancel', id: '1' })
  })
  test.each([
    '{',
    '[]',
    '{"type":"fly","id":"1"}',
    '{"type":"search","id":"1"}',
    '{"type":"attach","id":"1","sid":"s","offset":-1}',
    '{"type":"cancel"}',
  ])('refused: %s', (text) => expect(() => readClientMessage(text)).toThrow(expect.objectContaining({ name: 'BadMessage' })))
})
