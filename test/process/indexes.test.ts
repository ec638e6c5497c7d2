import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { column, events, ran, startHead, until } from './engine-head'

jest.setTimeout(60_000)

const folder = mkdtempSync(join(tmpdir(), 'headstand-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Only what the test says of indexes. */
function appWith(indexes: string): string {
  const app = mkdtempSync(join(folder, 'app-'))
  mkdirSync(join(app, 'default'))
  writeFileSync(join(app, 'default', 'indexes.conf'), indexes)
  return app
}
const started = (app: string) => startHead({ db: join(folder, 'db'), appFolders: [app] })

test('an app brings its indexes; what is older than frozenTimePeriodInSecs goes with its file, the rest stays', async () => {
  const index = (name: string) => events(['old news']).map((e) => ({ ...e, index: name }))
  const first = await started(appWith('[short]\n[Not A Name]\n[long]'))
  expect((await first.indexes()).map((i) => i.name)).toEqual(expect.arrayContaining(['long', 'short']))
  await first.ingest([...index('short'), ...index('long')])
  await first.close()

  const second = await started(appWith('[short]\nfrozenTimePeriodInSecs = 3600\n[long]'))
  // It is the same head to whoever asks, and in the ids of its buckets.
  expect(second.guid).toBe(first.guid)
  await until(() => !readdirSync(join(folder, 'db', 'short')).some((name) => name.startsWith('0.db')))
  const { job } = await ran(second, 'search index=short OR index=long | stats count by index', { indexesAllowed: ['*'] })
  expect(await column(job, 'index')).toEqual(['long'])
  // A new file takes what comes.
  await second.ingest([{ ...index('short')[0]!, time: Date.now() / 1000 }])
  expect((await ran(second, 'search index=short')).status.resultCount).toBe(1)
  await second.close()
})
