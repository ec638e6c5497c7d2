import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { main } from '../../../cli/main'
import { keptTerminal } from '../../support/terminal'

const NOW = ['--now', '2024-05-01T10:00:00Z']
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (args: readonly string[], stdin?: string | Uint8Array) => {
  const terminal = keptTerminal(stdin === undefined ? {} : { stdin })
  const code = await main(args, terminal)
  return { code, ...terminal.kept }
}
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const hec = (time: number, host: string, event: string) => JSON.stringify({ time, host, event, sourcetype: 'app', index: 'web' })
const EVENTS = [hec(1714557600, 'a', 'started ok'), hec(1714557601, 'b', 'failed hard'), hec(1714557602, 'a', 'failed soft')].join('\n')

test('events that are made up, as a table, with the time in the zone asked for', async () => {
  expect(await run(['search', '| makeresults count=1 | eval a=1+1', ...NOW])).toEqual({
    code: 0,
    out: '_time                          a\n-----------------------------  -\n2024-05-01T10:00:00.000+00:00  2\n',
    err: '',
  })
  const { out } = await run(['search', '| makeresults', ...NOW, '--tz', 'Europe/Vienna', '--output', 'csv'])
  expect(out).toBe('"_time"\n2024-05-01T12:00:00.000+02:00\n')
})

test.each([
  ['ndjson', '{"host":"a"}\n{"host":"b"}\n'],
  ['csv', 'host\na\nb\n'],
  ['raw', 'a\nb\n'],
])('--output %s', async (output, out) => {
  const found = await run(['search', 'failed | table host', '--output', output, file('events.ndjson', EVENTS)])
  expect(found).toEqual({ code: 0, out, err: '' })
})

test('--output json is one document', async () => {
  const { out } = await run(['search', 'index=web host=b | table host _raw', '--output', 'json', file('events.ndjson', EVENTS)])
  expect(JSON.parse(out)).toMatchObject({ results: [{ host: 'b', _raw: 'failed hard' }], messages: [] })
})

test('files may be gzip and come over the standard input; flags stand before what the data says', async () => {
  const args = ['search', 'failed | table host index sourcetype', '--output', 'csv', '--host', 'h', '--index', 'other']
  const expected = 'host,index,sourcetype\nh,other,app\nh,other,app\n'
  expect((await run([...args, file('events.gz', gzipSync(EVENTS))])).out).toBe(expected)
  expect((await run([...args, '--input', '-'], gzipSync(EVENTS))).out).toBe(expected)
})

test('--earliest and --latest', async () => {
  const path = file('events.ndjson', EVENTS)
  const between = ['--earliest', '1714557601', '--latest', '1714557602', '--output', 'raw', path]
  expect((await run(['search', '*', ...between])).out).toBe('failed hard\n')
  const wrong = await run(['search', '*', '--earliest', 'soon', path])
  expect(wrong.code).toBe(2)
  expect(wrong.err).toMatch(/^error: .*earliest/)
})

test('an error is underlined in what was typed, and ends with 2 before any file is read', async () => {
  const { code, out, err } = await run(['search', 'failed | evil x=1', join(folder, 'not-there')])
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('\n  failed | evil x=1\n           ^^^^')
})

test('a search whose setup fails ends with 2', async () => {
  const { code, out, err } = await run(['search', '| makeresults | head bogusarg'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/^error: /)
})

test('a file that is not there is named', async () => {
  const { code, err } = await run(['search', 'x', join(folder, 'absent.log')])
  expect(code).toBe(2)
  expect(err).toContain('absent.log')
  expect(err).not.toContain('    at ')
})

test('ingest keeps events in a store, which search reads', async () => {
  const db = join(folder, 'db')
  const first = await run(['ingest', '--db', db, file('events.ndjson', EVENTS)])
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^3 events in \d+\.\d s \([\d,]+ events\/s\) into /)
  await run([
    'ingest',
    '--db',
    db,
    '--sourcetype',
    'line',
    '--index',
    'lines',
    file('plain.log', '2024-05-01 10:00:00 one failed\n2024-05-01 10:00:01 two\n'),
  ])
  const { out } = await run(['search', 'failed | table index sourcetype _raw | sort index _raw', '--db', db, '--output', 'csv'])
  expect(out).toBe('index,sourcetype,"_raw"\nlines,line,2024-05-01 10:00:00 one failed\nweb,app,failed hard\nweb,app,failed soft\n')
})

test('an interrupted search ends with 130', async () => {
  const terminal = keptTerminal()
  terminal.interrupt()
  expect(await main(['search', 'failed', file('events.ndjson', EVENTS)], terminal)).toBe(130)
  expect(terminal.kept.out).toBe('')
})
