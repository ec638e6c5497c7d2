/**
 * The requests of splunklib as they go over the wire: one connection a request, `Connection: Close`, an explicit length even for GET,
 * no content type, head and body in one packet or in two. Recorded from splunk-sdk-python 2.1.1.
 */
import { connect } from 'node:net'
import { addEvents, listeningServer, PASSWORD } from '../support/served-head'

let server: Awaited<ReturnType<typeof listeningServer>>
let cookie = ''
beforeAll(async () => {
  server = await listeningServer()
  const texts = Array.from({ length: 12 }, (_, i) => `event ${i}`)
  await addEvents(server.head, texts, (i) => ({ n: String(i) }))
  const login = await exchange('POST /services/auth/login', `username=admin&password=${PASSWORD.replaceAll(' ', '+')}&cookie=1`)
  expect(login.status).toBe('HTTP/1.1 200 OK')
  expect(login.body).toMatch(/<sessionKey>[\w-]+<\/sessionKey>/)
  cookie = /^Set-Cookie: (splunkd_\d+=[^;]+);/im.exec(login.head)![1]!
})
afterAll(() => server.close())

interface Exchanged {
  readonly status: string
  readonly head: string
  readonly body: string
}

/** Sends the bytes that splunklib sends, reads until the server closes. @param packets  1 or 2 */
async function exchange(line: string, body = '', packets = 1): Promise<Exchanged> {
  const head =
    `${line} HTTP/1.1\r\nAccept-Encoding: identity\r\nContent-Length: ${Buffer.byteLength(body)}\r\nHost: 127.0.0.1\r\n` +
    `User-Agent: splunk-sdk-python/2.1.1\r\nAccept: */*\r\nConnection: Close\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`
  const socket = connect(server.listening.ports.management, '127.0.0.1').setNoDelay()
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(packets === 1 ? head + body : head)
  if (packets === 2) setTimeout(() => socket.write(body), 20)
  await closed
  const text = Buffer.concat(chunks).toString('utf8')
  const at = text.indexOf('\r\n\r\n')
  const answered = text.slice(0, at)
  // Without this header splunklib loses the body.
  expect(answered).toMatch(/^Connection: close$/im)
  const plain = /^Transfer-Encoding: chunked$/im.test(answered) ? unchunked(text.slice(at + 4)) : text.slice(at + 4)
  return { status: answered.split('\r\n')[0]!, head: answered, body: plain }
}

function unchunked(text: string): string {
  const bytes = Buffer.from(text)
  let out = ''
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (size === 0) return out
    out += bytes.toString('utf8', line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}

test('what server it is', async () => {
  const { status, body } = await exchange('GET /services/server/info')
  expect(status).toBe('HTTP/1.1 200 OK')
  expect(body).toContain('<s:key name="version">10.4.2</s:key>')
})

test.each([1, 2])('oneshot, in %d packets', async (packets) => {
  const form = 'search=search+index%3Dmain+%7C+head+2+%7C+table+n&exec_mode=oneshot&output_mode=json&segmentation=none'
  const { body } = await exchange('POST /services/search/v2/jobs/', form, packets)
  expect(body).toBe(
    '{"preview":false,"init_offset":0,"messages":[],"fields":[{"name":"n"}],"results":[{"n":"11"},{"n":"10"}],"highlighted":{}}',
  )
})

test('a blocking job, read through the namespace of its acl, in pages', async () => {
  const created = await exchange('POST /services/search/v2/jobs/', 'search=search+index%3Dmain+%7C+table+n&exec_mode=blocking')
  expect(created.status).toBe('HTTP/1.1 201 Created')
  const sid = /<sid>(.*)<\/sid>/.exec(created.body)![1]
  const first = await exchange(`GET /services/search/v2/jobs/${sid}`)
  expect(first.body).toContain('<s:key name="resultCount">12</s:key>')
  expect(first.body).toMatch(/<s:key name="owner">admin<\/s:key>/)
  expect(first.body).toContain('<s:key name="sharing">global</s:key>')
  const path = `/servicesNS/nobody/search/search/v2/jobs/${sid}`
  expect((await exchange(`GET ${path}/`)).status).toBe('HTTP/1.1 200 OK')
  const pages: string[] = []
  for (const offset of [0, 5, 10]) {
    const { body } = await exchange(`POST ${path}/results`, `count=5&offset=${offset}&output_mode=json&segmentation=none`)
    pages.push(
      JSON.parse(body)
        .results.map(({ n }: { n: string }) => n)
        .join(' '),
    )
  }
  expect(pages).toEqual(['11 10 9 8 7', '6 5 4 3 2', '1 0'])
  expect(JSON.parse((await exchange(`POST ${path}/events`, 'output_mode=json&segmentation=none')).body).results).toHaveLength(12)
  expect((await exchange(`POST ${path}/control`, 'action=touch')).body).toContain('Search job touched.')
  expect((await exchange(`GET ${path}/search.log`)).body).toContain('dispatchRunner')
  expect((await exchange(`POST ${path}/control`, 'action=cancel')).body).toContain('Search job cancelled.')
  // The client cancels a job that is gone without a word.
  expect((await exchange(`POST ${path}/control`, 'action=cancel')).status).toBe('HTTP/1.1 404 Not Found')
})

test('export', async () => {
  const form = 'search=search+index%3Dmain+%7C+head+2+%7C+table+n&output_mode=json&segmentation=none'
  const { body } = await exchange('POST /services/search/v2/jobs/export', form)
  expect(body).toBe('{"preview":false,"offset":0,"result":{"n":"11"}}\n{"preview":false,"offset":1,"lastrow":true,"result":{"n":"10"}}\n')
})

test('lists, with the slash before the query', async () => {
  expect((await exchange('GET /services/search/v2/jobs/?count=2&offset=0')).body).toContain('<title>jobs</title>')
  expect((await exchange('GET /services/data/indexes/?count=-1&offset=0')).body).toContain('<title>_internal</title>')
  expect((await exchange('GET /services/apps/local/?count=-1&offset=0')).body).toContain('<title>search</title>')
  expect((await exchange('POST /services/search/v2/parser', 'q=search+index%3Dmain')).status).toBe('HTTP/1.1 200 OK')
})

test('refusals, in the words that the client shows', async () => {
  const bad = await exchange('POST /services/search/v2/jobs/', 'search=abcd&exec_mode=blocking')
  expect(bad.status).toBe('HTTP/1.1 400 Bad Request')
  expect(bad.body).toContain(`<messages>\n    <msg type="FATAL">Unknown search command 'abcd'.</msg>\n  </messages>`)
  expect((await exchange('GET /services/data/indexes/nope')).status).toBe('HTTP/1.1 404 Not Found')
})

test('a wrong password', async () => {
  const before = cookie
  cookie = ''
  const { status, body } = await exchange('POST /services/auth/login', 'username=admin&password=bad&cookie=1')
  cookie = before
  expect(status).toBe('HTTP/1.1 401 Unauthorized')
  expect(body).toContain('<msg type="WARN">Login failed</msg>')
})
