import { Acknowledgements } from '../../../server/collector/acknowledgements'
import { readEvent } from '../../../server/collector/event'
import { Intake, Share } from '../../../server/collector/intake'
import { JsonObjects } from '../../../server/collector/json-objects'
import { memberText } from '../../../server/collector/member-text'
import { CollectorProblem } from '../../../server/collector/problems'
import { readToken } from '../../../server/collector/token'
import { collectorToken } from '../../../server/settings'

const codeOf = (job: () => unknown): number | string => {
  try {
    job()
    return 'nothing thrown'
  } catch (error) {
    return error instanceof CollectorProblem ? error.code : `thrown: ${error}`
  }
}

describe('objects in a stream of bytes', () => {
  const cut = (text: string, size: number): string[] => {
    const objects = new JsonObjects(1000)
    const bytes = Buffer.from(text)
    const found: string[] = []
    for (let i = 0; i < bytes.length; i += size) found.push(...objects.push(bytes.subarray(i, i + size)))
    objects.end()
    return found
  }
  const one = '{"event":"a } \\" { ü 😀"}'
  const two = '{"event":{"b":[{"c":"}"},{}]}}'
  test.each([1, 2, 3, 7, 1000])('whatever the borders of the chunks: %d bytes', (size) => {
    expect(cut(`${one}${two}\r\n\t ${one}`, size)).toEqual([one, two, one])
    expect(cut(`[${one}, ${two}]`, size)).toEqual([one, two])
  })
  test('nothing', () => expect(cut(' \n', 1)).toEqual([]))
  test.each(['x', '"a"', '1', '{},{}', ']', '[[', '{"a":1', '[{}', '{}}'])('refused: %s', (text) => {
    expect(codeOf(() => cut(text, 2))).toBe(6)
  })
  test('an object above the limit is refused before it is whole', () => {
    const objects = new JsonObjects(10)
    expect(codeOf(() => [...objects.push(Buffer.from('{"a":"0123456789'))])).toBe(9)
  })
})

describe('the text of a member', () => {
  test.each([
    ['{"event":{ "n" : 1.0e2 },"time":1}', '{ "n" : 1.0e2 }'],
    ['{ "a\\"event":1 , "event" : [1, "]", {"event":2}] }', '[1, "]", {"event":2}]'],
    ['{"event":12345678901234567890}', '12345678901234567890'],
    ['{"event":1,"event":2.50}', '2.50'],
    ['{"\\u0065vent":true}', 'true'],
  ])('%s', (text, expected) => expect(memberText(text, 'event')).toBe(expected))
  test('none', () => expect(memberText('{"a":{"event":1}}', 'event')).toBeUndefined())
})

describe('an event', () => {
  const token = { ...collectorToken('t'), indexes: ['main', 'web'] }
  const meta = { index: 'main', host: 'h', source: 's', sourcetype: 'st' }
  const read = (text: string, number = 0) => readEvent(text, { token, meta }, number)

  test('metadata of its own, time as a text, fields as texts', () => {
    expect(read('{"event":"x","time":"1500000000.123","host":"web","index":"web","fields":{"n":1,"list":["a",2],"b":true}}')).toEqual({
      index: 'web',
      host: 'web',
      source: 's',
      sourcetype: 'st',
      time: 1500000000.123,
      raw: 'x',
      fields: { n: '1', list: ['a', '2'], b: 'true' },
    })
  })
  test('objects and numbers are kept as they were written', () => {
    expect(read('{"event": {"b":1.0, "a":2}}').raw).toBe('{"b":1.0, "a":2}')
    expect(read('{"event": 1e3}').raw).toBe('1e3')
  })
  test.each([
    ['{"event":}', 6, 3],
    ['{"event":"x","host":{}}', 6, 3],
    ['{"fields":{"a":1}}', 12, 3],
    ['{"event":null}', 12, 3],
    ['{"event":""}', 13, 3],
    ['{"event":{}}', 13, 3],
    ['{"event":"x","time":"noon"}', 15, 3],
    ['{"event":"x","fields":{"a":{"b":1}}}', 15, 3],
    ['{"event":"x","fields":[1]}', 15, 3],
    ['{"event":"x","index":"other"}', 7, 4],
  ])('%s is code %d of event %d', (text, code, number) => {
    expect(() => read(text, 3)).toThrow(expect.objectContaining({ code, eventNumber: number }))
  })
})

describe('tokens', () => {
  const tokens = [
    collectorToken('good'),
    { ...collectorToken('off', 'off'), disabled: true },
    { ...collectorToken('query', 'query'), inQuery: true },
  ]
  const code = (authorization: string | undefined, query?: string) =>
    codeOf(() => readToken(authorization === undefined ? {} : { authorization }, query, tokens))
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  test('where they may stand', () => {
    expect(readToken({ authorization: 'splunk good' }, undefined, tokens).name).toBe('headstand')
    expect(readToken({ authorization: basic('x:good') }, undefined, tokens).name).toBe('headstand')
    expect(readToken({}, 'query', tokens).name).toBe('query')
  })
  test('refusals', () => {
    expect(code(undefined)).toBe(2)
    expect(code('Bearer good')).toBe(3)
    expect(code('Splunk')).toBe(3)
    expect(code('Splunk bad')).toBe(4)
    expect(code('Splunk off')).toBe(1)
    expect(code(undefined, 'good')).toBe(16)
    expect(code(undefined, 'bad')).toBe(4)
  })
})

test('acknowledgements: numbers by channel, each true once', () => {
  const acks = new Acknowledgements()
  expect([acks.given('a'), acks.given('a'), acks.given('b')]).toEqual([0, 1, 0])
  expect(acks.asked('a', [0, 1, 2])).toEqual({ 0: true, 1: true, 2: false })
  expect(acks.asked('a', [0])).toEqual({ 0: false })
  expect(acks.asked('c', [0])).toEqual({ 0: false })
})

test('the intake counts all requests together and forgets what one held', () => {
  const intake = new Intake(10)
  const [one, two] = [new Share(intake), new Share(intake)]
  one.take(6)
  expect(codeOf(() => two.take(5))).toBe(9)
  two.take(4)
  one.end()
  two.take(6)
  two.end()
  expect(intake.bytes).toBe(0)
})
