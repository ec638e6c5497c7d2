import { once } from 'node:events'
import { request as requestOf } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import { ENDLESS } from '../support/endless'
import { addEvents, asAdmin, NOW, PASSWORD, type TestServer, testServer } from '../support/served-head'

let server: TestServer
let admin: ReturnType<typeof asAdmin>
beforeAll(async () => {
  server = await testServer()
  admin = asAdmin(server.app)
  const texts = Array.from({ length: 25 }, (_, i) => `event ${i} <end>`)
  await addEvents(server.head, texts, (i) => ({ n: String(i), user: `u${i % 3}` }))
})
afterAll(() => server.close())

const JOBS = '/services/search/v2/jobs'
const create = async (search: string, form: Record<string, string> = {}) => {
  const { body } = await admin.post(`${JOBS}?output_mode=json`, { search, exec_mode: 'blocking', ...form })
  return body.sid as string
}
const job = async (sid: string) => (await admin.get(`${JOBS}/${sid}?output_mode=json`)).body.entry[0]
const rows = async (sid: string, query = '', kind = 'results') => (await admin.get(`${JOBS}/${sid}/${kind}?output_mode=json&${query}`)).body

describe('creating', () => {
  test('normal: 201 with the sid, in both formats', async () => {
    const xml = await admin.post('/services/search/jobs', { search: '| makeresults' })
    expect(xml.status).toBe(201)
    const sid = /<sid>([^<]+)<\/sid>/.exec(xml.text)![1]!
    expect(xml.text).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n<response>\n  <sid>${sid}</sid>\n</response>\n`)
    expect(xml.headers.location).toBe(`/services/search/jobs/${sid}`)
    expect(sid).toMatch(/^\d+\.\d+$/)
    const json = await admin.post(`${JOBS}?output_mode=json`, { search: '| makeresults' })
    expect([json.status, json.body]).toEqual([201, { sid: expect.any(String) }])
  })
  test('oneshot: the rows, and no job stays', async () => {
    const before = (await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total
    const { status, body } = await admin.post(JOBS, {
      search: 'search index=main | head 2 | table n user',
      exec_mode: 'oneshot',
      output_mode: 'json',
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      preview: false,
      init_offset: 0,
      messages: [],
      fields: [{ name: 'n' }, { name: 'user' }],
      results: [
        { n: '24', user: 'u0' },
        { n: '23', user: 'u2' },
      ],
      highlighted: {},
    })
    expect((await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total).toBe(before)
  })
  test('oneshot is XML when nothing else is asked for, and takes count, offset and f', async () => {
    const { text } = await admin.post(JOBS, {
      search: 'search index=main | table n user',
      exec_mode: 'oneshot',
      count: '1',
      offset: '3',
      f: 'n',
    })
    expect(text).toBe(
      "<?xml version='1.0' encoding='UTF-8'?>\n<results preview='0'>\n<meta>\n<fieldOrder>\n<field>n</field>\n</fieldOrder>\n</meta>\n" +
        "\t<result offset='3'>\n\t\t<field k='n'>\n\t\t\t<value><text>21</text></value>\n\t\t</field>\n\t</result>\n</results>\n",
    )
  })
  test('the search is taken as it is: no word search is put before it', async () => {
    const bad = await admin.post(`${JOBS}?output_mode=json`, { search: 'index=main n=1' })
    expect(bad.status).toBe(400)
    expect(
      (await admin.post(JOBS, { search: 'makeresults count=3 | head 1', exec_mode: 'oneshot', output_mode: 'json' })).body.results,
    ).toHaveLength(1)
  })
  test('a sid of one’s own, once', async () => {
    expect(await create('| makeresults', { id: 'my.sid-1' })).toBe('my.sid-1')
    expect((await admin.post(JOBS, { search: '| makeresults', id: 'my.sid-1' })).status).toBe(400)
    for (const id of ['../x', '..', 'a/b', 'a b']) expect((await admin.post(JOBS, { search: '| makeresults', id })).status).toBe(400)
  })
  test('time ranges, also in a format of one’s own', async () => {
    const count = async (form: Record<string, string>) =>
      (await admin.post(JOBS, { search: 'search index=main', exec_mode: 'oneshot', output_mode: 'json', ...form })).body.results.length
    expect(await count({ earliest_time: '-5s', latest_time: 'now' })).toBe(5)
    expect(await count({ earliest_time: String(NOW - 3) })).toBe(3)
    expect(await count({ earliest_time: '2026-01-02 03:04:01', time_format: '%Y-%m-%d %H:%M:%S' })).toBe(4)
    expect(await count({ earliest_time: '-2s', now: String(NOW - 10), latest_time: 'now' })).toBe(2)
  })
})

describe('refusals', () => {
  const refusal = async (form: Record<string, string>, path = JOBS) => {
    const { status, body } = await admin.post(`${path}?output_mode=json`, form)
    return [status, body.messages?.[0]?.type, body.messages?.[0]?.text]
  }
  test('of parse: 400, FATAL, no job', async () => {
    const before = (await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total
    expect(await refusal({ search: '| abcd' })).toEqual([400, 'FATAL', "Unknown search command 'abcd'."])
    expect(await refusal({ search: '| abcd', exec_mode: 'oneshot' })).toEqual([400, 'FATAL', "Unknown search command 'abcd'."])
    expect(await refusal({ search: '| abcd' }, `${JOBS}/export`)).toEqual([400, 'FATAL', "Unknown search command 'abcd'."])
    expect(await refusal({ search: 'search x', earliest_time: 'soon' })).toEqual([400, 'FATAL', 'Invalid earliest_time.'])
    expect(await refusal({ search: 'search x', earliest_time: '-1h', latest_time: '-2h' })).toEqual([
      400,
      'FATAL',
      'Invalid latest_time: latest_time must be after earliest_time.',
    ])
    expect((await refusal({}))[2]).toContain(
      "The required 'search' parameter for the Splunk platform REST API search/jobs endpoint is not specified.",
    )
    expect((await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total).toBe(before)
  })
  test('of setup: 201, then the job failed', async () => {
    const sid = await create('search index=main | head bogusarg')
    const { content } = await job(sid)
    expect(content).toMatchObject({ isDone: true, isFailed: true, dispatchState: 'FAILED' })
    const text = content.messages[0].text
    expect(content.messages).toEqual([
      { type: 'FATAL', text },
      { type: 'ERROR', text },
    ])
    expect(text).toContain("'head'")
    expect(await rows(sid)).toEqual({ preview: false, init_offset: 0, messages: [{ type: 'FATAL', text }], results: [] })
  })
  test('of setup: a oneshot answers 200 with the message, export 200 with nothing', async () => {
    const oneshot = await admin.post(JOBS, { search: 'search index=main | head bogusarg', exec_mode: 'oneshot', output_mode: 'json' })
    expect([oneshot.status, oneshot.body.results, oneshot.body.messages[0].type]).toEqual([200, [], 'FATAL'])
    const stream = await admin.post(`${JOBS}/export`, { search: 'search index=main | head bogusarg', output_mode: 'json' })
    expect([stream.status, stream.text]).toEqual([200, ''])
  })
  test('of what is not supported, never passed over', async () => {
    expect(await refusal({ search: 'search x', search_mode: 'realtime' })).toEqual([
      400,
      'FATAL',
      'Not supported by Headstand: real-time searches.',
    ])
    expect(await refusal({ search: 'search x', sample_ratio: '10' })).toEqual([
      400,
      'FATAL',
      'Not supported by Headstand: sample_ratio=10.',
    ])
    expect((await refusal({ search: '| makeresults', output_mode: 'yaml', exec_mode: 'oneshot' }, `${JOBS}`))[0]).toBe(400)
    expect((await refusal({ search: '| makeresults', namespace: 'nowhere' }))[2]).toBe('Application does not exist: nowhere')
  })
})

describe('the entry of a job', () => {
  test('in JSON', async () => {
    const sid = await create('search index=main | head 3', {
      status_buckets: '10',
      'custom.colour': 'blue',
      label: 'mine',
      earliest_time: '-1h',
    })
    const entry = await job(sid)
    expect(entry).toMatchObject({
      name: 'search index=main | head 3',
      author: 'admin',
      published: '2026-01-02T03:04:05.000+00:00',
      acl: { app: 'search', owner: 'admin', sharing: 'global', ttl: '600' },
      content: {
        sid,
        dispatchState: 'DONE',
        isDone: true,
        isFailed: false,
        doneProgress: 1,
        resultCount: 3,
        statusBuckets: 10,
        label: 'mine',
        priority: 5,
        custom: { colour: 'blue' },
        messages: [],
        earliestTime: '2026-01-02T02:04:05.000+00:00',
        request: {
          search: 'search index=main | head 3',
          exec_mode: 'blocking',
          status_buckets: '10',
          'custom.colour': 'blue',
          label: 'mine',
          earliest_time: '-1h',
        },
      },
    })
    const keys =
      'cursorTime delegate diskUsage dispatchState doneProgress dropCount earliestTime eventAvailableCount eventCount eventFieldCount eventIsStreaming eventIsTruncated eventSearch eventSorting isDone isFailed isFinalized isPaused isPreviewEnabled isRealTimeSearch isRemoteTimeline isSaved isSavedSearch isZombie keywords label messages numPreviews priority remoteSearch reportSearch resultCount resultIsStreaming resultPreviewCount runDuration scanCount searchProviders sid statusBuckets ttl'
    expect(Object.keys(entry.content)).toEqual(expect.arrayContaining(keys.split(' ')))
  })
  test('in XML it is the root, also under a foreign namespace', async () => {
    const sid = await create('| makeresults')
    const { text } = await admin.get(`/servicesNS/nobody/search/search/v2/jobs/${sid}`)
    expect(text).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<entry xmlns="http:\/\/www\.w3\.org\/2005\/Atom" xmlns:s="http:\/\/dev\.splunk\.com\/ns\/rest"/,
    )
    expect(text).toContain('<title>| makeresults</title>')
    expect(text).toContain('<s:key name="doneProgress">1.00000</s:key>')
    expect(text).toContain('<s:key name="isDone">1</s:key>')
    expect(text).toContain('<s:key name="messages"><s:dict/></s:key>')
  })
  test('the list: latest first, by id, in pages; without messages', async () => {
    const [one, two] = [await create('| makeresults count=1'), await create('| makeresults count=2')]
    const { body } = await admin.get(`${JOBS}?output_mode=json&count=2`)
    expect(body.entry.map((e: { content: { sid: string } }) => e.content.sid)).toEqual([two, one])
    expect(body).not.toHaveProperty('messages')
    expect(body.paging).toMatchObject({ perPage: 2, offset: 0 })
    const chosen = await admin.get(`/services/search/jobs?output_mode=json&count=2&id=${one}&id=none`)
    expect(chosen.body.entry.map((e: { content: { sid: string } }) => e.content.sid)).toEqual([one])
    const found = await admin.get(`/services/search/jobs?output_mode=json&search=sid%3D${two}`)
    expect(found.body.entry).toHaveLength(1)
    expect((await admin.get(JOBS)).text).toContain('<title>jobs</title>')
  })
  test('another user neither sees nor finds it', async () => {
    const sid = await create('| makeresults')
    const ann = (path: string) => request(server.app).get(path).auth('ann', 'of ann')
    expect((await ann(`${JOBS}?output_mode=json`)).body.entry).toEqual([])
    expect((await ann(`${JOBS}/${sid}`)).status).toBe(404)
  })
})

describe('rows', () => {
  test('a hundred when nothing is said, pages, from the end, chosen fields', async () => {
    const sid = await create('| makeresults count=150 | eval a=1, b=2 | table a b')
    expect((await rows(sid)).results).toHaveLength(100)
    expect((await rows(sid, 'count=0')).results).toHaveLength(150)
    expect((await rows(sid, 'count=100&offset=100')).results).toHaveLength(50)
    expect(await rows(sid, 'count=5&offset=-2')).toMatchObject({ init_offset: 148, results: [{}, {}] })
    expect((await rows(sid, 'count=1&f=b')).results).toEqual([{ b: '2' }])
    expect((await rows(sid, 'count=1&field_list=b,a')).fields).toEqual([{ name: 'b' }, { name: 'a' }])
    expect((await rows(sid, 'offset=1000')).results).toEqual([])
  })
  test.each([
    [
      'json_rows',
      '{"preview":false,"init_offset":0,"messages":[],"fields":["n"],"rows":[["24"],["23"]]}',
      'application/json; charset=UTF-8',
    ],
    [
      'json_cols',
      '{"preview":false,"init_offset":0,"messages":[],"fields":["n"],"columns":[["24","23"]]}',
      'application/json; charset=UTF-8',
    ],
    ['csv', 'n\n24\n23\n', 'text/csv; charset=UTF-8'],
    ['raw', '24\n23\n', 'text/plain; charset=UTF-8'],
  ])('%s', async (mode, expected, type) => {
    const sid = await create('search index=main | head 2 | table n')
    const { text, headers } = await admin.post(`${JOBS}/${sid}/results`, { output_mode: mode })
    expect(text).toBe(expected)
    expect(headers['content-type']).toBe(type)
  })
  test('an unknown mode is refused', async () => {
    expect((await admin.get(`${JOBS}/${await create('| makeresults')}/results?output_mode=table`)).status).toBe(400)
  })
  test('times are written, as one asks', async () => {
    const sid = await create('search index=main | head 1 | table _time')
    expect((await rows(sid)).results).toEqual([{ _time: '2026-01-02T03:04:04.000+00:00' }])
    expect((await rows(sid, 'output_time_format=%25H:%25M')).results).toEqual([{ _time: '03:04' }])
  })
  test('results come when the search has ended, previews before', async () => {
    const { body } = await admin.post(`${JOBS}?output_mode=json`, {
      search: `${ENDLESS} | stats count`,
    })
    await admin.post(`${JOBS}/${body.sid}/control`, { action: 'pause' })
    const running = server.head.job(body.sid)!
    while (running.status().state !== 'PAUSED') await running.changed()
    expect((await job(body.sid)).content).toMatchObject({ isPaused: true, isDone: false, dispatchState: 'PAUSE' })
    const waiting = await admin.get(`${JOBS}/${body.sid}/results?output_mode=json`)
    expect([waiting.status, waiting.text]).toEqual([204, ''])
    expect(await rows(body.sid, '', 'results_preview')).toMatchObject({ preview: true })
    await admin.delete(`${JOBS}/${body.sid}`)
  })
  test('search.log', async () => {
    const { text, headers } = await admin.get(`${JOBS}/${await create('| makeresults')}/search.log`)
    expect(headers['content-type']).toBe('text/plain; charset=UTF-8')
    expect(text).toMatch(/^01-02-2026 03:04:05\.000 INFO {2}/)
  })
})

describe('control', () => {
  const control = async (sid: string, form: Record<string, string>) =>
    (await admin.post(`${JOBS}/${sid}/control?output_mode=json`, form)).body
  test('what each action says', async () => {
    const sid = await create('| makeresults')
    for (const [action, text] of [
      ['touch', 'Search job touched.'],
      ['pause', 'Search job paused.'],
      ['unpause', 'Search job continued.'],
      ['finalize', 'Search job finalized.'],
      ['enablepreview', 'Search job results preview enabled.'],
      ['disablepreview', 'Search job results preview disabled.'],
      ['save', 'The ttl of the search job was changed to 604800.'],
    ] as const) {
      expect(await control(sid, { action })).toEqual({ messages: [{ type: 'INFO', text }] })
    }
    await control(sid, { action: 'setttl', ttl: '77' })
    expect((await job(sid)).content.ttl).toBe(77)
  })
  test('a cancelled job is gone at once', async () => {
    const sid = await create('| makeresults')
    expect(await control(sid, { action: 'cancel' })).toEqual({ messages: [{ type: 'INFO', text: 'Search job cancelled.' }] })
    expect((await admin.get(`${JOBS}/${sid}`)).status).toBe(404)
    expect((await admin.post(`${JOBS}/${sid}/control`, { action: 'cancel' })).text).toContain('<msg type="FATAL">Unknown sid.</msg>')
  })
  test('unknown actions are refused', async () => {
    const sid = await create('| makeresults')
    expect((await admin.post(`${JOBS}/${sid}/control`, { action: 'dance' })).status).toBe(400)
    expect((await admin.post(`${JOBS}/${sid}/control`)).status).toBe(400)
  })
})

/** A stream of objects is no JSON document: it is compared as the text it is. */
const asText: Parameters<request.Test['parse']>[0] = (response, done) => {
  let text = ''
  response.on('data', (chunk) => {
    text += chunk
  })
  response.on('end', () => done(null, text))
}

test('a client that goes away ends its export, and leaves no word of a bug', async () => {
  const listening = server.app.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const form = new URLSearchParams({
    search: `${ENDLESS} | where x="none"`,
    id: 'left',
  })
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const leaving = requestOf({ port, host: '127.0.0.1', path: `${JOBS}/export`, method: 'POST', headers })
  leaving.on('error', () => undefined)
  leaving.end(form.toString())
  while (!server.head.job('left')) await new Promise((resolve) => setTimeout(resolve, 5))
  const job = server.head.job('left')!
  leaving.destroy()
  expect((await job.finished()).messages.map(({ code }) => code)).toEqual(['cancelled'])
  await new Promise((resolve) => listening.close(resolve))
  expect(server.lines.filter((line) => line.includes(' ERROR '))).toEqual([])
})

describe('export', () => {
  const stream = async (search: string, form: Record<string, string>) =>
    (
      await admin
        .post(`${JOBS}/export`, { search, ...form })
        .buffer()
        .parse(asText)
    ).body as string
  test('json: a line a row, the last one marked, times with their zone', async () => {
    expect(await stream('search index=main | head 2 | table _time n', { output_mode: 'json' })).toBe(
      '{"preview":false,"offset":0,"result":{"_time":"2026-01-02 03:04:04.000 UTC","n":"24"}}\n' +
        '{"preview":false,"offset":1,"lastrow":true,"result":{"_time":"2026-01-02 03:04:03.000 UTC","n":"23"}}\n',
    )
    expect(await stream('search index=main n=none', { output_mode: 'json' })).toBe('{"preview":false,"lastrow":true}\n')
  })
  test('xml, csv, raw', async () => {
    expect(await stream('search index=main | head 1 | table n', {})).toBe(
      "<?xml version='1.0' encoding='UTF-8'?>\n<results preview='0'>\n<meta>\n<fieldOrder>\n<field>n</field>\n</fieldOrder>\n</meta>\n" +
        "\t<result offset='0'>\n\t\t<field k='n'>\n\t\t\t<value><text>24</text></value>\n\t\t</field>\n\t</result>\n</results>\n",
    )
    expect(await stream('search index=main | head 2 | table n user', { output_mode: 'csv' })).toBe('n,user\n24,u0\n23,u2\n')
    expect(await stream('search index=main | head 2', { output_mode: 'raw' })).toBe('event 24 <end>\nevent 23 <end>\n')
  })
  test('more rows than a page, all of them', async () => {
    const text = await stream('| makeresults count=5000 | eval a=1 | table a', { output_mode: 'csv' })
    expect(text.split('\n')).toHaveLength(5002)
  })
})

describe('the events of a transforming search', () => {
  const search = 'search index=main | where user="u1" | eval m=n*2 | stats count by user | where count>0'
  const pairs = (events: { results: Record<string, string>[] }) => events.results.slice(0, 2).map(({ n, m }) => [n, m])

  test('are searched for when somebody asks, as they were before they were transformed', async () => {
    const sid = await create(search)
    expect((await job(sid)).content).toMatchObject({ eventCount: 25, eventAvailableCount: 25, resultCount: 1 })
    const before = (await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total
    const events = await rows(sid, 'count=0', 'events')
    expect(events.results).toHaveLength(8)
    expect(pairs(events)).toEqual([
      ['22', '44'],
      ['19', '38'],
    ])
    expect(pairs(await rows(sid, 'count=1&offset=1', 'events'))).toEqual([['19', '38']])
    expect((await admin.get(`${JOBS}?output_mode=json&count=0`)).body.paging.total).toBe(before)
  })
  test('are kept where status buckets were asked for', async () => {
    const events = await rows(await create(search, { status_buckets: '10' }), 'count=0', 'events')
    expect(events.results).toHaveLength(8)
    expect(pairs(events)).toEqual([
      ['22', '44'],
      ['19', '38'],
    ])
  })
})
