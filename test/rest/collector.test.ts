import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import request from 'supertest'
import { createSearchHead } from '../../search/main'
import { createApp } from '../../server/app'
import { ACK_TOKEN, asAdmin, listeningServer, PASSWORD, TOKEN, testSettings } from '../support/served-head'

let server: Awaited<ReturnType<typeof listeningServer>>
let url: string
beforeAll(async () => {
  server = await listeningServer(false, { collector: { requestBytes: 1_000_000, eventBytes: 100_000, heldBytes: 400_000 } })
  url = server.listening.urls.collector
})
afterAll(() => server.close())

const send = (path: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const call = request(url)
    .post(path)
    .set('Authorization', `Splunk ${TOKEN}`)
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .set(headers)
  return typeof body === 'string' ? call.send(body) : call.serialize(() => body as unknown as string).send(body)
}
const answer = async (sent: request.Test) => {
  const { status, body } = await sent
  return [status, body]
}
const found = async (search: string) => {
  const form = { search: `search ${search}`, exec_mode: 'oneshot', output_mode: 'json', count: '0' }
  const { body } = await request(server.listening.urls.management)
    .post('/services/search/jobs')
    .auth('admin', PASSWORD)
    .type('form')
    .send(form)
  return body.results as Record<string, string>[]
}

const SUCCESS = [200, { text: 'Success', code: 0 }]

describe('events', () => {
  test('one, on each of the paths, and on the management port', async () => {
    for (const path of ['/services/collector', '/services/collector/event', '/services/collector/event/1.0']) {
      expect(await answer(send(path, `{"event":"paths ${path}"}`))).toEqual(SUCCESS)
    }
    const management = request(server.listening.urls.management).post('/services/collector').set('Authorization', `Splunk ${TOKEN}`)
    expect(await answer(management.send('{"event":"paths management"}'))).toEqual(SUCCESS)
    expect(await found('paths')).toHaveLength(4)
  })
  test('metadata: of the event, of the query, of the token', async () => {
    const body = '{"time":"1500000000.25","host":"h1","source":"s1","sourcetype":"st1","event":"metadata one"}{"event":{"metadata": 2.0}}'
    expect(await answer(send('/services/collector?host=h2&source=s2', body))).toEqual(SUCCESS)
    const [one] = await found('metadata one')
    expect(one).toMatchObject({ _time: '2017-07-14T02:40:00.250+00:00', host: 'h1', source: 's1', sourcetype: 'st1', index: 'main' })
    const [two] = await found('source=s2')
    expect(two).toMatchObject({ _raw: '{"metadata": 2.0}', host: 'h2', sourcetype: 'httpevent' })
  })
  test('indexed fields', async () => {
    await send('/services/collector', '{"event":"indexed","fields":{"colour":"blue","list":["a","b"],"n":7}}')
    expect((await found('indexed'))[0]).toMatchObject({ colour: 'blue', list: ['a', 'b'], n: '7' })
  })
  test('back to back, with line ends, in a list, compressed', async () => {
    await send('/services/collector', '{"event":"many"}{"event":"many"}\n{"event":"many"}')
    await send('/services/collector', '[{"event":"many"}, {"event":"many"}]')
    expect(await answer(send('/services/collector', gzipSync('{"event":"many"}'), { 'Content-Encoding': 'gzip' }))).toEqual(SUCCESS)
    expect(await found('many')).toHaveLength(6)
  })
  test('those before a bad one count, those after it do not', async () => {
    const bad = '{"event":"partly"}{"event":"partly"}{"event":""}{"event":"partly"}'
    expect(await answer(send('/services/collector', bad))).toEqual([
      400,
      { text: 'Event field cannot be blank', code: 13, 'invalid-event-number': 2 },
    ])
    expect(await found('partly')).toHaveLength(2)
    const index = '{"event":"indices"}{"event":"indices","index":"nowhere"}'
    expect(await answer(send('/services/collector', index))).toEqual([400, { text: 'Incorrect index', code: 7, 'invalid-event-number': 2 }])
    expect(await found('indices')).toHaveLength(1)
  })
  test.each([
    ['', 5, 'No data', {}],
    ['  ', 5, 'No data', {}],
    ['nothing', 6, 'Invalid data format', { 'invalid-event-number': 0 }],
    ['{"event":"x"', 6, 'Invalid data format', {}],
    ['{"event":x}', 6, 'Invalid data format', { 'invalid-event-number': 0 }],
    ['{"fields":{"a":"b"}}', 12, 'Event field is required', { 'invalid-event-number': 0 }],
    ['{"event":"x","time":"noon"}', 15, 'Error in handling indexed fields', { 'invalid-event-number': 0 }],
    ['{"event":"x"}{"event":"x","time":1700000000000}', 15, 'Error in handling indexed fields', { 'invalid-event-number': 1 }],
    ['{"event":"x","time":"-11644473600"}', 15, 'Error in handling indexed fields', { 'invalid-event-number': 0 }],
  ])('refused: %j', async (body, code, text, more) => {
    expect(await answer(send('/services/collector', body))).toEqual([400, { text, code, ...more }])
  })
  test('a time of the query that no event can have', async () => {
    for (const path of ['/services/collector', '/services/collector/raw'])
      expect(await answer(send(`${path}?time=170000000000`, '{"event":"x"}'))).toEqual([400, { text: 'Invalid data format', code: 6 }])
  })
  test('bad compression and unknown encodings', async () => {
    expect(await answer(send('/services/collector', Buffer.from('no gzip'), { 'Content-Encoding': 'gzip' }))).toEqual([
      400,
      { text: 'Invalid data format', code: 6 },
    ])
    expect((await send('/services/collector', '{"event":"x"}', { 'Content-Encoding': 'br' })).status).toBe(400)
  })
})

describe('a body in pieces, over a socket of our own', () => {
  const head = (path: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Splunk ${TOKEN}\r\nConnection: close\r\n${more}\r\n`

  async function pieces(first: string, parts: AsyncIterable<Buffer>): Promise<string> {
    const socket = connect(server.listening.ports.collector, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket.write(first)
    for await (const part of parts) if (!socket.write(part)) await new Promise((resolve) => socket.once('drain', resolve))
    await ended
    return text
  }

  test('characters and objects cut anywhere', async () => {
    const bytes = Buffer.from('{"event":"cut ü 😀 \\"}{"}{"event":"cut"}')
    async function* oneByOne() {
      for (const byte of bytes) {
        yield Buffer.from([byte])
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const text = await pieces(head('/services/collector', `Content-Length: ${bytes.length}\r\n`), oneByOne())
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).toMatch(/\r\nConnection: close\r\n/i)
    expect(text).toContain('{"text":"Success","code":0}')
    expect((await found('cut')).map(({ _raw }) => _raw).sort()).toEqual(['cut', 'cut ü 😀 "}{'])
  })
  test('raw bytes larger than what may be held at once are taken as they come', async () => {
    const line = Buffer.from(`2026-01-02 03:04:05 a line of raw data ${'x'.repeat(80)}\n`)
    const block = Buffer.concat(Array.from({ length: 1000 }, () => line))
    async function* chunked() {
      for (let i = 0; i < 5; i++) {
        yield Buffer.from(`${block.length.toString(16)}\r\n`)
        yield block
        yield Buffer.from('\r\n')
      }
      yield Buffer.from('0\r\n\r\n')
    }
    expect(block.length * 5).toBeGreaterThan(400_000)
    const text = await pieces(head('/services/collector/raw?sourcetype=rawlines', 'Transfer-Encoding: chunked\r\n'), chunked())
    expect(text).toContain('{"text":"Success","code":0}')
    const { body } = await asAdmin(server.app).get('/services/data/indexes/main?output_mode=json')
    expect(body.entry[0].content.totalEventCount).toBeGreaterThan(5_000)
  })
  test('a body and an event above their limits are 503 with code 9, and a time to try again', async () => {
    const large = await send('/services/collector/raw', `${'y'.repeat(99)}\n`.repeat(11_000))
    expect([large.status, large.body, large.headers['retry-after']]).toEqual([503, { text: 'Server is busy', code: 9 }, '1'])
    const bomb = gzipSync(`${'y'.repeat(99)}\n`.repeat(11_000))
    expect((await send('/services/collector/raw', bomb, { 'Content-Encoding': 'gzip' })).status).toBe(503)
    expect((await send('/services/collector', `{"event":"${'z'.repeat(200_000)}"}`)).status).toBe(503)
    expect(await found('zzz*')).toEqual([])
  })
})

describe('raw', () => {
  test('lines with metadata of the query', async () => {
    expect(
      await answer(
        send(
          '/services/collector/raw?host=h9&source=s9&sourcetype=lines',
          '2026-01-01 00:00:01 raw one\nwith a second line\n2026-01-01 00:00:02 raw two\n',
        ),
      ),
    ).toEqual(SUCCESS)
    expect(await answer(send('/services/collector/raw/1.0?source=s9', 'raw three'))).toEqual(SUCCESS)
    // Lines without a time belong to the event before them, unless the sourcetype's props say otherwise.
    expect((await found('source=s9')).map(({ _raw }) => _raw).sort()).toEqual([
      '2026-01-01 00:00:01 raw one\nwith a second line',
      '2026-01-01 00:00:02 raw two',
      'raw three',
    ])
  })
  test('refusals', async () => {
    expect(await answer(send('/services/collector/raw', ''))).toEqual([400, { text: 'No data', code: 5 }])
    expect(await answer(send('/services/collector/raw?index=nowhere', 'x'))).toEqual([
      400,
      { text: 'Incorrect index', code: 7, 'invalid-event-number': 1 },
    ])
  })
})

describe('tokens', () => {
  const plain = (headers: Record<string, string>, query = '') =>
    answer(request(url).post(`/services/collector${query}`).set(headers).send('{"event":"token"}'))
  test('refusals come before the body is looked at', async () => {
    expect(await plain({})).toEqual([401, { text: 'Token is required', code: 2 }])
    expect(await plain({ Authorization: `Bearer ${TOKEN}` })).toEqual([401, { text: 'Invalid authorization', code: 3 }])
    expect(await plain({ Authorization: 'Splunk no' })).toEqual([403, { text: 'Invalid token', code: 4 }])
    expect(await plain({}, `?token=${TOKEN}`)).toEqual([400, { text: 'Query string authorization is not enabled', code: 16 }])
  })
  test('Basic, with the token as the password', async () => {
    expect(await answer(request(url).post('/services/collector').auth('x', TOKEN).send('{"event":"token"}'))).toEqual(SUCCESS)
  })
})

describe('acknowledgement', () => {
  const channel = '0aeeac95-ac74-4aa9-b30d-6c4c0ac581ba'
  const acked = (path: string, body: string, headers: Record<string, string> = { 'X-Splunk-Request-Channel': channel }) =>
    answer(send(path, body, { Authorization: `Splunk ${ACK_TOKEN}`, ...headers }))
  test('numbers by channel; each is true once', async () => {
    expect(await acked('/services/collector', '{"event":"ack"}')).toEqual([200, { text: 'Success', code: 0, ackId: 0 }])
    expect(await acked(`/services/collector/raw?channel=${channel}`, 'ack', {})).toEqual([200, { text: 'Success', code: 0, ackId: 1 }])
    expect(await acked('/services/collector/ack', '{"acks":[0,1,2]}')).toEqual([200, { acks: { 0: true, 1: true, 2: false } }])
    expect(await acked(`/services/collector/ack?channel=${channel}`, '{"acks":[0]}', {})).toEqual([200, { acks: { 0: false } }])
  })
  test('refusals', async () => {
    expect(await acked('/services/collector', '{"event":"ack"}', {})).toEqual([400, { text: 'Data channel is missing', code: 10 }])
    expect(await acked('/services/collector', '{"event":"ack"}', { 'X-Splunk-Request-Channel': 'no' })).toEqual([
      400,
      { text: 'Invalid data channel', code: 11 },
    ])
    expect(await answer(send('/services/collector/ack', '{"acks":[0]}'))).toEqual([400, { text: 'ACK is disabled', code: 14 }])
    expect(await acked('/services/collector', '{"event":"ack","index":"summary"}')).toEqual([
      400,
      { text: 'Incorrect index', code: 7, 'invalid-event-number': 1 },
    ])
  })
})

test('health needs no token', async () => {
  for (const path of ['/services/collector/health', '/services/collector/health/1.0']) {
    expect(await answer(request(url).get(path))).toEqual([200, { text: 'HEC is healthy', code: 17 }])
  }
  expect(await answer(request(url).get('/services/collector/health?token=no'))).toEqual([400, { text: 'Invalid token', code: 21 }])
})

test('other paths and methods', async () => {
  const notHere = { text: 'The requested URL was not found on this server.', code: 404 }
  expect(await answer(request(url).get('/services/collector'))).toEqual([405, notHere])
  expect(await answer(request(url).get('/services/collector/nothing'))).toEqual([404, notHere])
  expect(await answer(request(url).get('/services/server/info').auth('admin', PASSWORD))).toEqual([404, notHere])
  const { headers } = await request(url).get('/services/collector/health')
  expect(headers['content-type']).toBe('application/json; charset=UTF-8')
})

test('a disk with too little room: the sender is told to try again, the log why', async () => {
  const app = mkdtempSync(join(tmpdir(), 'headstand-app-'))
  mkdirSync(join(app, 'default'))
  writeFileSync(join(app, 'default', 'server.conf'), '[diskUsage]\nminFreeSpace = 99000000')
  const lines: string[] = []
  const head = await createSearchHead({ appFolders: [app], log: (line) => lines.push(line) })
  const post = request(createApp(head, testSettings(lines)))
    .post('/services/collector')
    .set('Authorization', `Splunk ${TOKEN}`)
  expect(await answer(post.send('{"event":"x"}'))).toEqual([503, { text: 'Server is busy', code: 9 }])
  expect(lines.join('\n')).toContain('has less than 99000000 MB free')
  await head.close()
  rmSync(app, { recursive: true })
})
