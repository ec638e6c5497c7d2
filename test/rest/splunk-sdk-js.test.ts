import { addEvents, listeningServer, PASSWORD } from '../support/served-head'

/** What is used here of the client; it comes without types. */
interface SdkJob {
  readonly sid: string
  properties(): Record<string, unknown>
  fetch(): Promise<SdkJob>
  results(options: object): Promise<[SdkResults, SdkJob]>
  events(options: object): Promise<[SdkResults, SdkJob]>
  iterator(what: string, options: object): { next(): Promise<SdkResults | undefined> }
  cancel(): Promise<unknown>
  track(options: object, callbacks: object): void
  searchlog(): Promise<[string, SdkJob]>
}
interface SdkResults {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}
interface SdkService {
  login(): Promise<boolean>
  serverInfo(): Promise<{ properties(): Record<string, unknown> }>
  oneshotSearch(search: string, options: object): Promise<[SdkResults]>
  typeahead(prefix: string, count: number): Promise<readonly object[]>
  search(options: Readonly<Record<string, unknown>>): Promise<SdkJob>
  post(path: string, form: object): Promise<{ status: number; data: unknown }>
  jobs(): { fetch(options?: object): Promise<{ list(): readonly SdkJob[] }> }
  indexes(): { fetch(): Promise<{ list(): readonly { name: string }[] }> }
  apps(): { fetch(): Promise<{ list(): readonly { name: string }[] }> }
  parse(search: string): Promise<{ commands: readonly { command: string }[] }>
}
const { Service, Logger } = require('splunk-sdk') as {
  Service: new (options: object) => SdkService
  Logger: { setLevel(level: string): void }
}

let server: Awaited<ReturnType<typeof listeningServer>>
let service: SdkService
beforeAll(async () => {
  server = await listeningServer(true)
  const texts = Array.from({ length: 12 }, (_, i) => `event ${i}`)
  await addEvents(server.head, texts, (i) => ({ n: String(i) }))
  Logger.setLevel('NONE')
  service = new Service({
    scheme: 'https',
    host: '127.0.0.1',
    port: String(server.listening.ports.management),
    username: 'admin',
    password: PASSWORD,
    version: 'default',
  })
  expect(await service.login()).toBe(true)
})
afterAll(() => server.close())

test('a wrong password is an error', async () => {
  const wrong = new Service({
    scheme: 'https',
    host: '127.0.0.1',
    port: String(server.listening.ports.management),
    username: 'admin',
    password: 'wrong',
    version: 'default',
  })
  await expect(wrong.login()).rejects.toMatchObject({ status: 401 })
})

test('what server it is', async () => {
  expect((await service.serverInfo()).properties()).toMatchObject({ serverName: 'headstand', version: '10.4.2' })
})

test('how a search may go on', async () => {
  expect(await service.typeahead('index=m', 10)).toEqual([{ content: 'index=main', count: expect.any(Number), operator: false }])
  expect(await service.typeahead('index=', 1)).toHaveLength(1)
})

test('oneshot', async () => {
  const answer = await service.oneshotSearch('search index=main | head 3 | table n', { earliest_time: '-1h' })
  const results = Array.isArray(answer) ? answer[0] : (answer as SdkResults)
  expect(results.fields).toEqual(['n'])
  expect(results.rows).toEqual([['11'], ['10'], ['9']])
})

test('a job from its start to its end, with its events and results', async () => {
  const job = await service.search({ search: 'search index=main | stats count', exec_mode: 'blocking' })
  const fetched = await job.fetch()
  expect(fetched.properties()).toMatchObject({ isDone: true, isFailed: false, dispatchState: 'DONE', resultCount: 1 })
  const [results] = await job.results({ count: 10 })
  expect(results).toMatchObject({ fields: ['count'], rows: [['12']] })
  const [events] = await job.events({ count: 100 })
  expect(events.rows).toHaveLength(12)
  const [log] = await job.searchlog()
  expect(log).toContain('dispatchRunner')
  await job.cancel()
})

test('pages of results', async () => {
  const job = await service.search({ search: 'search index=main | table n', exec_mode: 'blocking' })
  const pages: SdkResults['rows'][] = []
  const iterator = job.iterator('results', { pagesize: 5 })
  for (;;) {
    const page = await iterator.next()
    const results = (Array.isArray(page) ? page[0] : page) as SdkResults | undefined
    if (!results?.rows?.length) break
    pages.push(results.rows)
  }
  expect(pages.map((page) => page.length)).toEqual([5, 5, 2])
  expect(pages.flat()).toEqual(Array.from({ length: 12 }, (_, i) => [String(11 - i)]))
})

test('export, which the client has no call of its own for', async () => {
  const { status, data } = await service.post('search/v2/jobs/export', {
    search: 'search index=main | head 2 | table n',
    output_mode: 'csv',
  })
  // The client gives a body that is no JSON as a JSON string.
  expect([status, JSON.parse(String(data))]).toEqual([200, 'n\n11\n10\n'])
})

test('track tells of the end, and of a failure', async () => {
  const ended = async (search: string) => {
    const job = await service.search({ search })
    return new Promise<string>((resolve) =>
      job.track({ period: 20 }, { done: () => resolve('done'), failed: () => resolve('failed'), error: () => resolve('error') }),
    )
  }
  expect(await ended('| makeresults')).toBe('done')
  expect(await ended('search index=main | head bogusarg')).toBe('failed')
})

test('a search that cannot be read is refused with its text', async () => {
  await expect(service.search({ search: '| abcd' })).rejects.toMatchObject({
    status: 400,
    data: { messages: [{ type: 'FATAL', text: "Unknown search command 'abcd'." }] },
  })
})

test('jobs, indexes, apps, and the parser', async () => {
  expect((await service.jobs().fetch({ count: 2 })).list()).toHaveLength(2)
  expect((await service.indexes().fetch()).list().map(({ name }) => name)).toEqual(expect.arrayContaining(['main', '_internal']))
  expect((await service.apps().fetch()).list().map(({ name }) => name)).toEqual(['search'])
  expect((await service.parse('search index=main | head 1')).commands.map(({ command }) => command)).toEqual(['search', 'head'])
})
