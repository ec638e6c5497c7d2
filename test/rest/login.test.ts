import request from 'supertest'
import { asAdmin, PASSWORD, type TestServer, testServer } from '../support/served-head'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

const login = (form: object, query = '') => request(server.app).post(`/services/auth/login${query}`).type('form').send(form)
const credentials = { username: 'admin', password: PASSWORD }

describe('login', () => {
  test('a key in XML, without a cookie', async () => {
    const { status, text, headers } = await login(credentials)
    expect(status).toBe(200)
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<response>\n {2}<sessionKey>[\w-]{64}<\/sessionKey>\n/)
    expect(headers['content-type']).toBe('text/xml; charset=UTF-8')
    expect(headers['set-cookie']).toBeUndefined()
  })
  test('a key in JSON, with one cookie', async () => {
    const { body, headers } = await login({ ...credentials, cookie: '1' }, '?output_mode=json')
    expect(body).toEqual({ sessionKey: expect.any(String), message: '', code: '' })
    const cookies = headers['set-cookie'] as unknown as string[]
    expect(cookies).toHaveLength(1)
    expect(cookies[0]).toMatch(new RegExp(`^splunkd_\\d+=${body.sessionKey}; Path=/; SameSite=Strict; HttpOnly; Max-Age=3600; Expires=`))
  })
  test('wrong, empty and missing', async () => {
    const wrong = await login({ username: 'admin', password: 'wrong' }, '?output_mode=json')
    expect([wrong.status, wrong.body]).toEqual([
      401,
      { messages: [{ type: 'WARN', text: 'Login failed', code: 'incorrect_username_or_password' }] },
    ])
    expect((await login({ username: '', password: '' })).status).toBe(401)
    const missing = await login({ username: 'admin' })
    expect([missing.status, missing.text]).toEqual([
      400,
      '<?xml version="1.0" encoding="UTF-8"?>\n<response>\n  <messages>\n    <msg type="WARN">Login failed</msg>\n  </messages>\n</response>\n',
    ])
  })
  test('a body without a content type is a form', async () => {
    const answer = await request(server.app)
      .post('/services/auth/login')
      .set('Content-Type', '')
      .send(`username=admin&password=${encodeURIComponent(PASSWORD)}`)
    expect(answer.status).toBe(200)
  })
})

describe('who is let in', () => {
  const context = '/services/authentication/current-context?output_mode=json'

  test('nobody without credentials, with the challenge', async () => {
    for (const path of ['/services', '/services/server/info', '/services/search/jobs', '/services/nothing']) {
      const { status, text, headers } = await request(server.app).get(path)
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toBe('Basic realm="/splunk"')
      expect(text).toContain('<msg type="ERROR">Unauthorized</msg>')
    }
  })
  test('a session key after Splunk or Bearer, and the cookie, which is sent again', async () => {
    const { body } = await login({ ...credentials, cookie: '1' }, '?output_mode=json')
    for (const scheme of ['Splunk', 'Bearer', 'splunk']) {
      const { body: found } = await request(server.app).get(context).set('Authorization', `${scheme} ${body.sessionKey}`)
      expect(found.entry[0].content.username).toBe('admin')
    }
    const answer = await request(server.app).get(context).set('Cookie', `home_made=yummy; splunkd_8089=${body.sessionKey}`)
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']![0]).toContain(`splunkd_8089=${body.sessionKey};`)
  })
  test('not with a bad key or cookie: no challenge then', async () => {
    for (const headers of [{ Authorization: 'Splunk wrong' }, { Cookie: 'splunkd_8089=wrong' }]) {
      const answer = await request(server.app).get(context).set(headers)
      expect([answer.status, answer.body]).toEqual([401, { messages: [{ type: 'WARN', text: 'call not properly authenticated' }] }])
      expect(answer.headers['www-authenticate']).toBeUndefined()
    }
  })
  test('a session that was closed is over', async () => {
    const { body } = await login(credentials, '?output_mode=json')
    const admin = asAdmin(server.app)
    expect((await admin.delete(`/services/authentication/httpauth-tokens/${body.sessionKey}`)).status).toBe(200)
    expect((await request(server.app).get(context).set('Authorization', `Splunk ${body.sessionKey}`)).status).toBe(401)
  })
})

test('no secret is in the log', async () => {
  const { body } = await login(credentials, '?output_mode=json&password=in+the+query')
  await request(server.app).get('/services/server/info?token=t0ken').set('Authorization', `Splunk ${body.sessionKey}`)
  const log = server.lines.join('')
  expect(log).toContain('POST /services/auth/login 200')
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), body.sessionKey, 't0ken', 'in+the+query']) expect(log).not.toContain(secret)
})
