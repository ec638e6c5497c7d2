import { Agent, get } from 'node:http'
import { connect } from 'node:tls'
import request from 'supertest'
import { listen } from '../../server/listen'
import { adminAccount, DEFAULT_PASSWORD } from '../../server/settings'
import { SearchClient } from '../support/search-client'
import { listeningServer, PASSWORD, testServer } from '../support/served-head'

const ports = { management: 0, collector: 0, web: 0 }

describe('three listeners with TLS', () => {
  let server: Awaited<ReturnType<typeof listeningServer>>
  beforeAll(async () => {
    server = await listeningServer(true)
  })
  afterAll(() => server.close())
  const call = (surface: 'management' | 'collector' | 'web', path: string) =>
    request(server.listening.urls[surface]).get(path).trustLocalhost()

  test('which speak https, and where', () => {
    const { urls, ports: found } = server.listening
    expect(urls).toEqual({
      management: `https://127.0.0.1:${found.management}`,
      collector: `https://127.0.0.1:${found.collector}`,
      web: `http://127.0.0.1:${found.web}`,
    })
  })
  test('each answers what is its own', async () => {
    expect((await call('management', '/services/server/info').auth('admin', PASSWORD)).status).toBe(200)
    expect((await call('collector', '/services/collector/health')).body).toEqual({ text: 'HEC is healthy', code: 17 })
    expect((await call('web', '/')).text).toContain('<title>Headstand</title>')
    expect(
      (await call('web', '/en-US/splunkd/__raw/services/server/info?output_mode=json').auth('admin', PASSWORD)).body.entry,
    ).toHaveLength(1)
    // splunkd knows no splunkweb paths and splunkweb no bare ones.
    expect((await call('management', '/en-US/splunkd/__raw/services/server/info').auth('admin', PASSWORD)).status).toBe(404)
    expect((await call('web', '/services/server/info').auth('admin', PASSWORD)).status).toBe(404)
  })
  test('the cookie is for https, named after the port', async () => {
    const login = request(server.listening.urls.management).post('/services/auth/login').trustLocalhost().type('form')
    const { headers } = await login.send({ username: 'admin', password: PASSWORD, cookie: '1' })
    expect(headers['set-cookie']![0]).toMatch(
      new RegExp(`^splunkd_${server.listening.ports.management}=[\\w-]+; Path=/; Secure; HttpOnly; Max-Age=3600; Expires=[^;]+ GMT$`),
    )
  })
  test('on the web port a cookie changes things only together with a header that forms of other sites cannot send', async () => {
    const key = (
      await request(server.listening.urls.web)
        .post('/en-US/splunkd/__raw/services/auth/login?output_mode=json')
        .type('form')
        .send({ username: 'admin', password: PASSWORD })
    ).body.sessionKey
    const post = (headers: Record<string, string>) =>
      request(server.listening.urls.web)
        .post('/en-US/splunkd/__raw/services/search/jobs')
        .type('form')
        .set({ Cookie: `splunkd_8000=${key}`, ...headers })
        .send({ search: '| makeresults' })
    expect((await post({})).status).toBe(401)
    expect((await post({ 'X-Requested-With': 'XMLHttpRequest' })).status).toBe(201)
  })
  test('a WebSocket over TLS', async () => {
    const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`
    const client = await SearchClient.open(`wss://127.0.0.1:${server.listening.ports.management}/services/search/ws`, {
      Authorization: authorization,
    })
    client.send({ type: 'search', id: '1', search: '| makeresults' })
    expect((await client.next('done', '1')).resultCount).toBe(1)
    await client.close()
  })
  test('the certificate names this machine', async () => {
    const socket = connect({ port: server.listening.ports.management, host: '127.0.0.1', rejectUnauthorized: false })
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    expect(socket.getPeerCertificate().subjectaltname).toContain('IP Address:127.0.0.1')
    socket.destroy()
  })
})

describe('close', () => {
  test('idle connections and sockets end at once, calls in flight are answered first', async () => {
    const server = await listeningServer()
    const { management } = server.listening.urls
    const agent = new Agent({ keepAlive: true })
    const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`
    const kept = await new Promise<number>((resolve) => {
      get(`${management}/services/server/info`, { agent, headers: { authorization } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode!))
      })
    })
    expect(kept).toBe(200)
    const client = await SearchClient.open(`${management.replace('http', 'ws')}/services/search/ws`, { Authorization: authorization })
    const closedWith = new Promise((resolve) => client.socket.once('close', resolve))
    const search = '| makeresults count=50000 | eval x=mvrange(0,20) | mvexpand x | stats count'
    const flying = request(management)
      .post('/services/search/jobs')
      .auth('admin', PASSWORD)
      .type('form')
      .send({ search, exec_mode: 'oneshot', output_mode: 'csv' })
    const answer = flying.then((response) => response.text)
    while (server.head.jobs().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const since = performance.now()
    await server.close()
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(await answer).toBe('count\n1000000\n')
    expect(await closedWith).toBe(1001)
    agent.destroy()
    await expect(request(management).get('/services')).rejects.toThrow('ECONNREFUSED')
  })
})

test('a port that is taken, and an open address with the default password, are refused', async () => {
  const server = await listeningServer()
  const { head, settings, listening } = server
  const taken = { ...ports, management: listening.ports.management }
  await expect(listen(head, { ...settings, address: '127.0.0.1', ports: taken, tls: false })).rejects.toThrow('EADDRINUSE')
  const open = { ...settings, accounts: [adminAccount(DEFAULT_PASSWORD)], address: '0.0.0.0', ports, tls: false }
  await expect(listen(head, open)).rejects.toThrow('default password')
  await server.close()
})

test('an application without a listener has no sockets to close', async () => {
  const { head, app } = await testServer()
  expect((await request(app).get('/services/server/info').auth('admin', PASSWORD)).status).toBe(200)
  await head.close()
})
