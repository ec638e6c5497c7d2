import { type AddressInfo, connect } from 'node:net'
import request from 'supertest'
import { WebSocket, WebSocketServer } from 'ws'
import type { Job } from '../../search/head'
import { pieces } from '../../server/follow-job'
import { MessageSender, MOST_UNSENT } from '../../server/message-sender'
import { ENDLESS } from '../support/endless'
import { SearchClient } from '../support/search-client'
import { addEvents, listeningServer, PASSWORD } from '../support/served-head'

let server: Awaited<ReturnType<typeof listeningServer>>
let client: SearchClient
const basic = { Authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` }
const wsUrl = (surface: 'management' | 'web' = 'management', path = '/services/search/ws') =>
  `${server.listening.urls[surface].replace('http', 'ws')}${path}`

beforeAll(async () => {
  server = await listeningServer()
  const texts = Array.from({ length: 10 }, (_, i) => `event ${i}`)
  await addEvents(server.head, texts, (i) => ({ n: String(i), ...(i < 5 && { colour: ['red', 'blue'] }) }))
  client = await SearchClient.open(wsUrl(), basic)
})
afterAll(async () => {
  await client.close()
  await server.close()
})

/** Starts a search that stays as it is until it is cancelled. @returns its sid */
async function started(by: SearchClient, id: string): Promise<string> {
  by.send({ type: 'search', id, search: `${ENDLESS} | where x="none"` })
  const { sid } = await by.next('job', id)
  const job = server.head.job(sid)!
  await job.control({ action: 'pause' })
  while (job.status().state !== 'PAUSED') await job.changed()
  return sid
}

describe('a search', () => {
  test('of events: job, progress, rows as lists, the end', async () => {
    client.send({ type: 'search', id: 'events', search: 'index=main | head 3 | table _time n', preview: true })
    const done = await client.next('done', 'events')
    expect(done).toEqual({
      type: 'done',
      id: 'events',
      dispatchState: 'DONE',
      resultCount: 3,
      runDuration: expect.any(Number),
      messages: [],
    })
    const { sid } = await client.next('job', 'events')
    expect(server.head.job(sid)?.status().request).toMatchObject({
      search: 'search index=main | head 3 | table _time n',
      origin: 'ws',
    })
    expect(client.all('results', 'events')).toEqual([
      {
        type: 'results',
        id: 'events',
        offset: 0,
        fields: ['_time', 'n'],
        rows: [
          ['2026-01-02T03:04:04.000+00:00', '9'],
          ['2026-01-02T03:04:03.000+00:00', '8'],
          ['2026-01-02T03:04:02.000+00:00', '7'],
        ],
      },
    ])
    expect(client.all('progress', 'events').at(-1)).toEqual({
      type: 'progress',
      id: 'events',
      doneProgress: 1,
      scanCount: expect.any(Number),
      eventCount: expect.any(Number),
      resultCount: 3,
    })
  })
  test('a multivalue is a list of texts', async () => {
    client.send({ type: 'search', id: 'mv', search: 'search index=main n::2 | table n colour' })
    await client.next('done', 'mv')
    expect(client.all('results', 'mv')[0]!.rows).toEqual([['2', ['red', 'blue']]])
  })
  test('many rows come in chunks that follow one another', async () => {
    client.send({ type: 'search', id: 'many', search: '| makeresults count=5000 | eval a=1 | table a' })
    await client.next('done', 'many')
    let offset = 0
    for (const { offset: at, rows } of client.all('results', 'many')) {
      expect(at).toBe(offset)
      expect(rows.length).toBeLessThanOrEqual(1000)
      offset += rows.length
    }
    expect(offset).toBe(5000)
  })
  test('several at once on one socket', async () => {
    for (const id of ['a', 'b', 'c']) client.send({ type: 'search', id, search: `| makeresults | eval x="${id}" | table x` })
    for (const id of ['a', 'b', 'c']) {
      await client.next('done', id)
      expect(client.all('results', id)[0]!.rows).toEqual([[id]])
    }
  })
  test('a time range', async () => {
    client.send({ type: 'search', id: 'range', search: 'index=main', earliest_time: '-3s', latest_time: 'now' })
    expect((await client.next('done', 'range')).resultCount).toBe(3)
  })
  test('refused while it is read: an error with its place in what was typed', async () => {
    client.send({ type: 'search', id: 'parse', search: 'x | abcd' })
    const { messages } = await client.next('error', 'parse')
    expect(messages).toEqual([
      { type: 'FATAL', text: "Unknown search command 'abcd'.", code: 'unknown-command', span: { start: 4, end: 8 } },
    ])
    expect(client.all('job', 'parse')).toEqual([])
  })
  test('refused at its setup: a job that failed', async () => {
    client.send({ type: 'search', id: 'setup', search: 'index=main | head bogusarg' })
    const done = await client.next('done', 'setup')
    expect(done.dispatchState).toBe('FAILED')
    expect(done.messages[0]).toMatchObject({ type: 'FATAL', text: expect.stringContaining("'head'") })
  })
})

describe('previews', () => {
  test('while a transforming search runs', async () => {
    client.send({ type: 'search', id: 'running', search: `${ENDLESS} | stats count by x`, preview: true })
    const { fields, rows } = await client.next('preview', 'running')
    expect(fields).toEqual(['x', 'count'])
    expect(rows.length).toBeGreaterThan(0)
    expect(client.all('results', 'running')).toEqual([])
    client.send({ type: 'cancel', id: 'running' })
    await client.next('done', 'running')
  })
  const TRANSFORMING = '| makeresults count=2000 | eval a=1, x=mvrange(0,300) | mvexpand x | stats count by a'
  test('of a transforming search, replaced by the rows at its end', async () => {
    client.send({ type: 'search', id: 'preview', search: TRANSFORMING, preview: true })
    await client.next('done', 'preview')
    const kinds = client.messages
      .filter(({ id, type }) => id === 'preview' && (type === 'preview' || type === 'results'))
      .map(({ type }) => type)
    expect(kinds.at(-1)).toBe('results')
    expect(kinds.slice(0, -1)).toEqual(kinds.slice(0, -1).map(() => 'preview'))
    expect(client.all('results', 'preview')[0]!.rows).toEqual([['1', '600000']])
  })
  test('none where none are wanted', async () => {
    client.send({ type: 'search', id: 'quiet', search: TRANSFORMING, preview: false })
    await client.next('done', 'quiet')
    expect(client.all('preview', 'quiet')).toEqual([])
  })
})

describe('cancel, attach, close', () => {
  const gone = async (job: Job | undefined, sid: string) => {
    const since = Date.now()
    while (server.head.job(sid) && Date.now() - since < 3000) await new Promise((resolve) => setTimeout(resolve, 10))
    return server.head.job(sid) === undefined && job?.status().state === 'FAILED'
  }
  test('cancel ends a search', async () => {
    const sid = await started(client, 'cancel')
    const job = server.head.job(sid)
    client.send({ type: 'cancel', id: 'cancel' })
    expect((await client.next('done', 'cancel')).dispatchState).toBe('FAILED')
    expect(await gone(job, sid)).toBe(true)
  })
  test('attach follows a job of another client, from an offset on', async () => {
    const { body } = await request(server.listening.urls.management)
      .post('/services/search/jobs?output_mode=json')
      .auth('admin', PASSWORD)
      .type('form')
      .send({ search: 'search index=main | table n', exec_mode: 'blocking' })
    client.send({ type: 'attach', id: 'attached', sid: body.sid, offset: 8 })
    await client.next('done', 'attached')
    expect(client.all('results', 'attached').flatMap(({ rows }) => rows)).toEqual([['1'], ['0']])
    expect(client.all('results', 'attached')[0]!.offset).toBe(8)
    client.send({ type: 'attach', id: 'nobody', sid: 'nobody' })
    expect((await client.next('error', 'nobody')).messages).toEqual([{ type: 'ERROR', text: 'Unknown sid.' }])
  })
  test('closing ends what the socket started, and not what it attached to', async () => {
    const other = await SearchClient.open(wsUrl(), basic)
    const kept = await started(client, 'kept')
    other.send({ type: 'attach', id: 'x', sid: kept })
    const own = await started(other, 'y')
    await other.next('job', 'x')
    const job = server.head.job(own)
    await other.close()
    expect(await gone(job, own)).toBe(true)
    expect(server.head.job(kept)?.status().state).toBe('PAUSED')
    client.send({ type: 'cancel', id: 'kept' })
    await client.next('done', 'kept')
  })
})

describe('messages that cannot be understood', () => {
  test('an error, and the socket stays', async () => {
    const own = await SearchClient.open(wsUrl(), basic)
    own.send('{')
    expect((await own.next('error', null)).messages).toEqual([{ type: 'ERROR', text: 'The message is not JSON.' }])
    own.send({ type: 'dance', id: 'd' })
    expect((await own.next('error', 'd')).messages[0]!.text).toBe('Unknown type "dance".')
    own.send({ type: 'cancel', id: 'none' })
    await own.next('error', 'none')
    own.send({ type: 'search', id: 'after', search: '| makeresults' })
    await own.next('done', 'after')
    await own.close()
  })
  test('an id in use is refused, the search goes on', async () => {
    await started(client, 'twice')
    client.send({ type: 'search', id: 'twice', search: '| makeresults' })
    expect((await client.next('error', 'twice')).messages[0]!.text).toContain('in use')
    client.send({ type: 'cancel', id: 'twice' })
    await client.next('done', 'twice')
  })
  test('above 1 MB the socket is closed', async () => {
    const own = await SearchClient.open(wsUrl(), basic)
    const closed = new Promise((resolve) => own.socket.once('close', resolve))
    own.send(`{"type":"search","id":"${'x'.repeat(2 ** 20)}"}`)
    expect(await closed).toBe(1009)
  })
})

describe('who is let in', () => {
  const status = (url: string, headers: Record<string, string> = {}) =>
    SearchClient.open(url, headers).then(
      (opened) => opened.close().then(() => 'open'),
      (error: Error) => error.message.replace('Unexpected server response: ', ''),
    )
  test('by header, cookie or token; on both ports', async () => {
    const { body } = await request(server.listening.urls.management)
      .post('/services/auth/login?output_mode=json')
      .type('form')
      .send({ username: 'admin', password: PASSWORD })
    const key = body.sessionKey
    expect(await status(wsUrl(), { Authorization: `Splunk ${key}` })).toBe('open')
    expect(await status(`${wsUrl()}?token=${key}`)).toBe('open')
    expect(await status(`${wsUrl('web', '/en-US/splunkd/__raw/services/search/ws')}?token=${key}`)).toBe('open')
    expect(await status(wsUrl(), { Cookie: `splunkd_8089=${key}` })).toBe('open')
    const { host } = new URL(server.listening.urls.management)
    expect(await status(wsUrl(), { Cookie: `splunkd_8089=${key}`, Origin: `http://${host}` })).toBe('open')
    // A page of another site has the browser's cookie, but not our origin.
    expect(await status(wsUrl(), { Cookie: `splunkd_8089=${key}`, Origin: 'http://evil.example' })).toBe('401')
  })
  test('nobody else', async () => {
    expect(await status(wsUrl())).toBe('401')
    expect(await status(`${wsUrl()}?token=wrong`)).toBe('401')
    expect(await status(wsUrl(), { Authorization: 'Splunk wrong' })).toBe('401')
    expect(await status(wsUrl('management', '/services/other/ws'), basic)).toBe('404')
    expect(await status(wsUrl('management', '/%zz'), basic)).toBe('400')
  })
})

describe('a reader that stops reading', () => {
  test('a search waits for him, and he gets all of it', async () => {
    const own = await SearchClient.open(wsUrl(), basic)
    own.socket.pause()
    own.send({ type: 'search', id: 'slow', search: `| makeresults count=20000 | eval a="${'x'.repeat(1000)}" | table a` })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(own.all('done', 'slow')).toEqual([])
    own.socket.resume()
    await own.next('done', 'slow')
    expect(own.all('results', 'slow').reduce((sum, { rows }) => sum + rows.length, 0)).toBe(20_000)
    await own.close()
  })
  test('at most about a megabyte is unsent', async () => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await new Promise((resolve) => sockets.once('listening', resolve))
    const opened = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve))
    const reader = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`)
    const socket = await opened
    await new Promise((resolve) => (reader.readyState === WebSocket.OPEN ? resolve(undefined) : reader.once('open', resolve)))
    reader.pause()
    const sender = new MessageSender(socket)
    let sent = 0
    const all = (async () => {
      for (; sent < 200; sent++) await sender.send({ type: 'job', id: 'x'.repeat(200_000), sid: String(sent) })
    })()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(sent).toBeLessThan(100)
    expect(socket.bufferedAmount).toBeGreaterThan(0)
    expect(socket.bufferedAmount).toBeLessThan(MOST_UNSENT)
    reader.resume()
    await all
    expect(sent).toBe(200)
    const closed = new Promise((resolve) => reader.once('close', resolve))
    socket.close()
    await closed
    sockets.close()
  })
})

test('rows are cut into messages of a bounded size', () => {
  const rows = Array.from({ length: 2500 }, (_, i) => [String(i), i % 2 ? 'x'.repeat(500) : null])
  const parts = [...pieces({ fields: ['n', 'x'], rows })]
  expect(parts.flatMap((part) => part.rows)).toEqual(rows)
  for (const part of parts) expect(part.rows.length).toBeLessThanOrEqual(1000)
  for (const part of parts) expect(JSON.stringify(part.rows).length).toBeLessThan(300_000)
  expect(parts.length).toBeGreaterThan(2)
})

test('an upgrade that breaks off does no harm', async () => {
  const socket = connect(server.listening.ports.management, '127.0.0.1')
  socket.write('GET /services/search/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const text = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())))
  expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\nConnection: close\r\n/)
  socket.destroy()
})
