import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Busy, createSearchHead, type InProcessHead } from '../../../search/main'

let folder: string
let head: InProcessHead | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-intake-'))
})
afterEach(async () => {
  await head?.close()
  head = undefined
  rmSync(folder, { recursive: true })
})

const meta = { index: 'main', host: 'h', source: 's', sourcetype: 'far' }
const held = async () => (await head!.indexes()).find((i) => i.name === 'main')

test('one time that no event can have: nothing is taken', async () => {
  head = await createSearchHead()
  const events = [5, 1_700_000_000_000].map((time) => ({ ...meta, raw: 'x', time }))
  await expect(head.ingest(events)).rejects.toThrow('1700000000000 is no time of an event')
  expect(await held()).toMatchObject({ eventCount: 0 })
})

test('what the store refuses is not acknowledged', async () => {
  head = await createSearchHead({ now: 1e13 }) // times of indexing, too, must be kept
  await expect(head.ingest([{ ...meta, raw: 'x', time: 5 }])).rejects.toThrow(
    '1 of 1 events were not taken: 10000000000000 is no time of an event',
  )
})

test('a full disk is told to the log, and to the sender as a time to come again', async () => {
  const lines: string[] = []
  head = await createSearchHead({ store: { minFreeSpace: 1e12 }, log: (text) => lines.push(text) })
  await expect(head.ingest([{ ...meta, raw: 'x', time: 5 }])).rejects.toBeInstanceOf(Busy)
  expect(lines).toEqual([expect.stringContaining('MB free: no events are taken')])
})

test('a timestamp of the text that no event can have is none', async () => {
  mkdirSync(join(folder, 'app', 'default'), { recursive: true })
  writeFileSync(join(folder, 'app', 'default', 'props.conf'), '[far]\nTIME_FORMAT = %Y-%m-%d\nMAX_DAYS_HENCE = 99999999\n')
  head = await createSearchHead({ now: 1_714_560_000, appFolders: [folder] })
  await head.ingest([{ ...meta, raw: '9999-12-31 x', time: undefined }])
  expect(await held()).toMatchObject({ eventCount: 1, latest: 1_714_560_000 })
  await head.ingest([{ ...meta, raw: '2100-01-01 x', time: undefined }])
  expect(await held()).toMatchObject({ latest: 4_102_444_800 })
})
