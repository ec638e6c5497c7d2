import type { SearchHead } from '../../search/head'
import { addEvents, asAdmin, type TestServer, testServer } from '../support/served-head'

let server: TestServer
let admin: ReturnType<typeof asAdmin>
let head: SearchHead
beforeAll(async () => {
  server = await testServer()
  ;({ head } = server)
  admin = asAdmin(server.app)
  await addEvents(head, ['Error in a', 'errand', 'a "b" `c\\d'])
})
afterAll(() => server.close())

const typed = (prefix: string, more = '') =>
  admin.get(`/services/search/typeahead?output_mode=json&prefix=${encodeURIComponent(prefix)}${more}`)

test('the wire shape, in JSON and XML', async () => {
  const { status, body } = await typed('err')
  const results = [
    { content: 'errand', count: 1, operator: false },
    { content: 'error', count: 1, operator: false },
  ]
  expect([status, body]).toEqual([200, { results }])
  const { text } = await admin.get('/servicesNS/admin/search/search/typeahead?prefix=erro&count=5')
  expect(text).toBe(`<?xml version='1.0' encoding='UTF-8'?>
<results preview='0'>
<meta>
<fieldOrder>
<field>content</field>
<field>count</field>
<field>operator</field>
</fieldOrder>
</meta>
\t<result offset='0'>
\t\t<field k='content'>
\t\t\t<value><text>error</text></value>
\t\t</field>
\t\t<field k='count'>
\t\t\t<value><text>1</text></value>
\t\t</field>
\t\t<field k='operator'>
\t\t\t<value><text>0</text></value>
\t\t</field>
\t</result>
</results>
`)
})

test('no more than are asked for, and no job is left', async () => {
  expect((await typed('index=', '&count=1')).body.results).toEqual([{ content: 'index=_audit', count: 0, operator: false }])
  expect((await typed('sourcetype=', '&max_time=5')).body.results).toEqual([{ content: 'sourcetype=lines', count: 3, operator: false }])
  expect(head.jobs()).toEqual([])
})

test('any text may be typed', async () => {
  for (const prefix of ['', '"', '\\', '```', '[', '| stats c', 'a"b\\', 'zz%', '*'])
    expect([prefix, (await typed(prefix)).body]).toEqual([prefix, { results: [] }])
})

test('what is refused', async () => {
  const { status, body } = await admin.get('/services/search/typeahead?output_mode=json')
  expect([status, body]).toEqual([400, { messages: [{ type: 'FATAL', text: 'Missing prefix.' }] }])
  expect((await typed('a', '&banned_segments=b')).status).toBe(400)
  expect((await typed('a', '&count=0')).status).toBe(400)
})
