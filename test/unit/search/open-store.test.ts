import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadKnowledge } from '../../../knowledge/snapshot'
import { openIndexes } from '../../../search/open-store'
import { CODECS, canCompress } from '../../../storage/backends/sqlite/codec'
import { Connection } from '../../../storage/backends/sqlite/connection'
import { event, found, put } from '../../contract/event-store'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstand-open-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function opened(confs: Readonly<Record<string, string>>) {
  const lines: string[] = []
  const knowledge = loadKnowledge({ appFolders: [], systemLayers: { local: confs } })
  const store = await openIndexes(dir, knowledge, { durable: false }, (line) => lines.push(line))
  return { store, lines }
}
async function codecOf(index: string): Promise<number> {
  const connection = await Connection.open(join(dir, index, '0.db'), 'read')
  const row = await connection.get<{ codec: number }>('SELECT DISTINCT codec FROM blk')
  await connection.close()
  return row!.codec
}

test('each index is compressed as its journalCompression says; zstd is refused by name where Node has none', async () => {
  const names = ['gzip', 'lz4', 'zstd', 'silent']
  const stanzas = names.map((n) => (n === 'silent' ? `[${n}]` : `[${n}]\njournalCompression = ${n}`))
  const { store, lines } = await opened({ indexes: stanzas.join('\n') })
  for (const name of names) await put(store, [event(`in ${name}`)], name)
  expect(await found(store, { indexes: ['*'] })).toHaveLength(4)
  await store.close()
  const zstd = canCompress('zstd')
  expect(lines).toEqual(zstd ? [] : [expect.stringContaining('journalCompression = zstd: not to be had here')])
  expect(await Promise.all(names.map(codecOf))).toEqual([CODECS.brotli, CODECS.lz4, zstd ? CODECS.zstd : CODECS.lz4, CODECS.lz4])
  const again = await opened({})
  expect(await found(again.store, { indexes: ['*'] })).toEqual(['in gzip', 'in lz4', 'in silent', 'in zstd'])
  await again.store.close()
})

test('what [default] says holds for indexes of which nothing is said', async () => {
  const { store } = await opened({ indexes: '[default]\njournalCompression = gzip' })
  await put(store, [event('a')])
  await store.close()
  expect(await codecOf('main')).toBe(CODECS.brotli)
})

test.each([
  ['99000000', '99000000 MB'],
  ['100%', '100%'],
])('with minFreeSpace = %s no events are taken', async (value, said) => {
  const { store } = await opened({ server: `[diskUsage]\nminFreeSpace = ${value}` })
  await expect(put(store, [event('a')])).rejects.toMatchObject({ code: 'full', message: expect.stringContaining(`less than ${said} free`) })
  await store.close()
})

test('a minFreeSpace that says nothing is named; what is small enough refuses nothing', async () => {
  const odd = await opened({ server: '[diskUsage]\nminFreeSpace = some' })
  expect(odd.lines).toEqual([expect.stringContaining('minFreeSpace = some')])
  await odd.store.close()
  const { store, lines } = await opened({ server: '[diskUsage]\nminFreeSpace = 0.000001%' })
  expect([await put(store, [event('a')]), lines]).toMatchObject([{ stored: 1 }, []])
  await store.close()
})
