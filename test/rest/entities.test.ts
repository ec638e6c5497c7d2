import request from 'supertest'
import { asAdmin, PASSWORD, type TestServer, testServer } from '../support/served-head'

let server: TestServer
let admin: ReturnType<typeof asAdmin>
beforeAll(async () => {
  server = await testServer()
  admin = asAdmin(server.app)
})
afterAll(() => server.close())

test('headers of every answer', async () => {
  for (const answer of [
    await admin.get('/services/server/info'),
    await admin.get('/services/none'),
    await request(server.app).get('/nothing'),
  ]) {
    expect(answer.headers).toMatchObject({
      server: 'Splunkd',
      vary: 'Cookie, Authorization',
      expires: 'Thu, 26 Oct 1978 00:00:00 GMT',
      'cache-control': 'no-store, no-cache, must-revalidate, max-age=0',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      connection: expect.stringMatching(/^(close|keep-alive)$/i),
      date: expect.any(String),
    })
    expect(answer.headers['x-powered-by']).toBeUndefined()
  }
})

test('server/info in JSON and XML', async () => {
  const { body, headers } = await admin.get('/services/server/info?output_mode=json')
  expect(headers['content-type']).toBe('application/json; charset=UTF-8')
  expect(body.generator).toEqual({ build: '000000000000', version: '10.4.2' })
  expect(body.paging).toEqual({ total: 1, perPage: 30, offset: 0 })
  expect(body.entry).toHaveLength(1)
  expect(body.entry[0]).toMatchObject({ name: 'server-info', author: 'system', links: { alternate: '/services/server/info/server-info' } })
  const keys =
    'build cpu_arch guid isFree isTrial licenseKeys licenseSignature licenseState master_guid mode os_build os_name os_version serverName version'
  expect(Object.keys(body.entry[0].content)).toEqual(expect.arrayContaining(keys.split(' ')))
  const { text } = await admin.get('/services/server/info')
  expect(text).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<\?xml-stylesheet type="text\/xml" href="\/static\/atom\.xsl"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
  )
  expect(text).toContain('<opensearch:totalResults>1</opensearch:totalResults>')
  expect(text).toContain('<s:key name="isFree">0</s:key>')
  expect(text).toContain('<s:key name="licenseKeys"><s:list/></s:key>')
  expect(text).toContain('<link href="/services/server/info/server-info" rel="alternate"/>')
})

test('namespaces, slashes and the v2 paths lead to the same endpoints', async () => {
  for (const path of [
    '/services/apps/local/',
    '/servicesNS/nobody/system/apps/local',
    '/servicesNS/-/-/apps//local/search',
    '/services/apps/local/search/',
  ]) {
    const { body, status } = await admin.get(`${path}?output_mode=json`)
    expect(status).toBe(200)
    expect(body.entry.map(({ name }: { name: string }) => name)).toEqual(['search'])
  }
  for (const path of ['/services/search/v2/jobs', '/servicesNS/admin/search/search/jobs/']) expect((await admin.get(path)).status).toBe(200)
})

test('what is not there', async () => {
  const none = await admin.get('/services/nothing?output_mode=json')
  expect([none.status, none.body]).toEqual([404, { messages: [{ type: 'ERROR', text: 'Not Found' }] }])
  const search = await admin.get('/services/search/nothing?output_mode=json')
  expect([search.status, search.body]).toEqual([404, { messages: [{ type: 'FATAL', text: 'Unknown endpoint.' }] }])
  expect((await admin.get('/services/apps/local/SplunkEnterpriseSecuritySuite')).status).toBe(404)
  expect((await admin.get('/services/data/indexes/nope')).text).toContain('Could not find object id=nope')
  const job = await admin.get('/services/search/jobs/nope?output_mode=json')
  expect([job.status, job.body]).toEqual([404, { messages: [{ type: 'FATAL', text: 'Unknown sid.' }] }])
  const method = await request(server.app).put('/services/server/info').auth('admin', PASSWORD)
  expect([method.status, method.headers.allow]).toEqual([405, 'GET'])
  expect((await admin.get('/services/%zz')).status).toBe(404)
})

test('/services lists its parts, without pages', async () => {
  const { text, status } = await admin.get('/services')
  expect(status).toBe(200)
  for (const name of ['apps', 'auth', 'authentication', 'data', 'search', 'server'])
    expect(text).toContain(`<link href="/services/${name}" rel="alternate"/>`)
  expect(text).not.toContain('opensearch:totalResults')
})

describe('indexes', () => {
  test('the list in pages', async () => {
    const names = async (query: string) =>
      (await admin.get(`/services/data/indexes?output_mode=json&${query}`)).body.entry.map((e: { name: string }) => e.name)
    const all = await names('count=-1')
    expect(all).toEqual(expect.arrayContaining(['main', '_internal', '_audit', 'history', 'summary']))
    expect([...(await names('count=2')), ...(await names('count=0&offset=2'))]).toEqual(all)
    expect(await names('sort_dir=desc&count=-1')).toEqual([...all].reverse())
    expect(await names('search=name%3Dmain')).toEqual(['main'])
  })
  test('one is made, once', async () => {
    const made = await admin.post('/services/data/indexes?output_mode=json', { name: 'own_index' })
    expect(made.status).toBe(201)
    expect(made.body.entry[0]).toMatchObject({
      name: 'own_index',
      acl: { app: 'search', owner: 'nobody', sharing: 'app' },
      fields: { required: [], optional: [], wildcard: [] },
      content: { disabled: false, totalEventCount: 0 },
    })
    const again = await admin.post('/services/data/indexes/', { name: 'own_index' })
    expect(again.status).toBe(409)
    expect(again.text).toContain("In handler 'indexes': Index name=own_index already exists")
    expect((await admin.get('/services/data/indexes/own_index')).text).toContain('<s:key name="totalEventCount">0</s:key>')
  })
  test('refusals', async () => {
    expect((await admin.post('/services/data/indexes', { name: 'Bad Name' })).status).toBe(400)
    expect((await admin.post('/services/data/indexes')).text).toContain('The following required arguments are missing: name.')
    expect((await admin.post('/services/data/indexes', { name: 'x', homePath: '/tmp' })).text).toContain(
      'Argument "homePath" is not supported by this handler.',
    )
  })
})

describe('search/timeparser', () => {
  test('modifiers against now', async () => {
    const { body } = await admin.get('/services/search/timeparser?output_mode=json&time=-1d&time=@d&time=now')
    expect(body).toEqual({
      '-1d': '2026-01-01T03:04:05.000+00:00',
      '@d': '2026-01-02T00:00:00.000+00:00',
      now: '2026-01-02T03:04:05.000+00:00',
    })
    const seconds = await admin.get('/services/search/timeparser?time=-1h&now=1000000&output_time_format=%25s')
    expect(seconds.text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<response>\n  <dict><key name="-1h">996400</key></dict>\n</response>\n',
    )
  })
  test('no time', async () => {
    const bad = await admin.get('/services/search/timeparser?output_mode=json&time=soon')
    expect([bad.status, bad.body]).toEqual([400, { messages: [{ type: 'FATAL', text: 'Invalid time.' }] }])
    expect((await admin.get('/services/search/timeparser')).status).toBe(400)
  })
})

describe('search/parser', () => {
  test('the commands of a search', async () => {
    const { body, status } = await admin.post('/services/search/v2/parser?output_mode=json', { q: 'search index=main | head 1' })
    expect(status).toBe(200)
    expect(body.commands).toEqual([
      {
        command: 'search',
        rawargs: 'index=main',
        pipeline: 'streaming',
        args: { search: ['index=main'] },
        isGenerating: true,
        streamType: 'SP_STREAM',
      },
      { command: 'head', rawargs: '1', pipeline: 'stateful', args: { head: ['1'] }, streamType: 'SP_STATEFUL' },
    ])
    expect((await admin.get('/services/search/parser?q=search+x')).text).toContain(
      '<key name="command">search</key><key name="rawargs">x</key>',
    )
  })
  test('refusals', async () => {
    const bad = await admin.post('/services/search/parser?output_mode=json', { q: 'xyzzy' })
    expect([bad.status, bad.body]).toEqual([400, { messages: [{ type: 'FATAL', text: "Unknown search command 'xyzzy'." }] }])
    expect((await admin.post('/services/search/parser', { q: ' ' })).text).toContain('<msg type="FATAL">Invalid query.</msg>')
    expect((await admin.post('/services/search/parser', { q: 'search x | head bogusarg' })).status).toBe(400)
  })
})
