import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { version } from '../../package.json'

const root = join(__dirname, '..', '..')
const program = join(root, 'dist', 'bin.js')

/** Temporary folders of these runs are made here, so that what is left shows. */
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const environment = (more: Readonly<Record<string, string>> = {}) => ({ PATH: process.env.PATH, TMPDIR: folder, ...more })
const leftFolders = () => readdirSync(folder).filter((name) => name.startsWith('headstand-'))

/** No time limit of a test ends what is waited for in this way. */
const spawned = () => ({ encoding: 'utf8', env: environment(), timeout: 50_000, killSignal: 'SIGKILL' }) as const
const run = (args: readonly string[], given: { readonly input?: string; readonly cwd?: string } = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { ...spawned(), ...given })
  return { code: status, out: stdout, err: stderr }
}

const lines = (hosts: readonly string[]) =>
  hosts.map((host, i) => `${JSON.stringify({ time: 1714557600 + i, host, sourcetype: 'app', event: `failed ${i}` })}\n`).join('')

test('--version', () => {
  expect(run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

test('a search leaves no temporary folder, whether it ends well or not', () => {
  writeFileSync(join(folder, 'events.log'), '2024-05-01T10:00:00Z failed\n')
  expect(run(['search', 'failed | table _raw', join(folder, 'events.log')])).toMatchObject({ code: 0, err: '' })
  expect(run(['search', '| nonsense']).code).toBe(2)
  expect(leftFolders()).toEqual([])
})

test('a search that reads no events loads no store', () => {
  const trace = `process.on('exit', () => process.stderr.write(Object.keys(require.cache).filter((f) => /sqlite3|express|lz4/.test(f)).join('\\n')))`
  writeFileSync(join(folder, 'trace.cjs'), trace)
  const args = ['--require', join(folder, 'trace.cjs'), program, 'search', '| makeresults | eval a=1 | table a']
  const { stdout, stderr, status } = spawnSync(process.execPath, args, spawned())
  expect([status, stdout, stderr]).toEqual([0, 'a\n-\n1\n', ''])
})

test('a search over the standard input, its rows, its exit codes and what it leaves', () => {
  const hosts = ['b', 'a', 'b']
  expect(run(['search', 'failed | stats count by host', '-', '--output', 'csv'], { input: lines(hosts) })).toEqual({
    code: 0,
    out: 'host,count\na,1\nb,2\n',
    err: '',
  })
  const wrong = run(['search', 'failed | stts count'], {})
  expect([wrong.code, wrong.out]).toEqual([2, ''])
  expect(wrong.err).toContain('\n  failed | stts count\n           ^^^^\n')
  expect(leftFolders()).toEqual([])
})

test('whoever reads the first line only is no error', () => {
  const script = `"${process.execPath}" "${program}" search '| makeresults count=200000 | eval a=1' --output ndjson | head -n 1`
  const { stdout, stderr } = spawnSync('sh', ['-c', script], spawned())
  expect(stdout.split('\n')).toHaveLength(2)
  expect(stderr).toBe('')
  expect(leftFolders()).toEqual([])
})

test('what is ingested is there for the next process, and a store is one process at a time', async () => {
  writeFileSync(join(folder, 'a.ndjson'), lines(['a', 'b']))
  const db = join(folder, 'store')
  expect(run(['ingest', '--db', db, join(folder, 'a.ndjson')])).toMatchObject({ code: 0, err: '' })
  expect(run(['search', 'failed | stats count', '--db', db, '--output', 'csv']).out).toBe('count\n2\n')
  const server = await serve(['--db', db])
  const { code, err } = run(['search', 'failed', '--db', db])
  expect([code, err.startsWith('headstand: ')]).toEqual([2, true])
  expect(err).not.toContain('    at ')
  await end(server)
  expect(existsSync(db)).toBe(true)
  expect(run(['search', 'failed | stats count', '--db', db, '--output', 'csv']).out).toBe('count\n2\n')
})

test('the demo: equal rows over REST and WebSocket, from XML and from key=value', () => {
  const { code, out, err } = run(['demo'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('Rows over XML: 9 over REST, 9 over WebSocket\n')
  expect(out).toContain('✓ XML and key=value give the same rows\n')
  expect(out).not.toContain('✗')
  expect(leftFolders()).toEqual([])
})

test('the tests of the rules that ship', () => {
  const report = join(folder, 'report.xml')
  const { code, out } = run(['test', 'data/rules', '--junit', report], { cwd: root })
  expect(out).toMatch(/\n\d+ passed, 0 failed\n$/)
  expect(code).toBe(0)
  expect(readFileSync(report, 'utf8')).toContain('failures="0" errors="0"')
})

interface Served {
  readonly child: ChildProcess
  readonly urls: Readonly<Record<string, string>>
  said(): { readonly out: string; readonly err: string }
}

function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (part: Buffer) => (err += part))
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${err}`)))
    child.stdout.on('data', (part: Buffer) => {
      out += part
      if (out.trimEnd().split('\n').length < 4) return
      const urls = Object.fromEntries(
        out
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/\s{2,}/) as [string, string]),
      )
      resolve({ child, urls, said: () => ({ out, err }) })
    })
  })
}

/** @returns exit code and milliseconds */
function end({ child }: Served, signal: NodeJS.Signals = 'SIGTERM'): Promise<readonly [number | null, number]> {
  const since = performance.now()
  child.kill(signal)
  return new Promise((resolve) => child.on('exit', (code) => resolve([code, performance.now() - since])))
}

const get = (url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` })

test('serve: four addresses on the standard output, secrets from the environment and nowhere said, an orderly end', async () => {
  const server = await serve(['--no-tls', '--log-level', 'debug'], { SPLUNK_PASSWORD: 'hidden-one', SPLUNK_HEC_TOKEN: 'hidden-two' })
  const { urls } = server
  expect(Object.keys(urls)).toEqual(['REST API', 'Event Collector', 'WebSocket', 'Page'])
  for (const url of Object.values(urls)) expect(url).toMatch(/^(http|ws):\/\/127\.0\.0\.1:[1-9]\d+/)
  const api = `${urls['REST API']}/services`

  expect((await get(`${api}/server/info`, basic('wrong'))).status).toBe(401)
  expect((await get(`${api}/server/info`, basic('hidden-one'))).status).toBe(200)
  const event = JSON.stringify({ event: 'it failed', host: 'h', time: 1714557600 })
  expect((await get(`${urls['Event Collector']}/event`, { authorization: 'Splunk hidden-two' }, event)).body).toContain('Success')
  const asked = `search=${encodeURIComponent('search failed | table host _raw')}&exec_mode=oneshot&output_mode=json`
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const { results } = JSON.parse((await get(`${api}/search/jobs`, { ...basic('hidden-one'), ...form }, asked)).body)
  expect(results).toEqual([{ host: 'h', _raw: 'it failed' }])

  const { err, out } = server.said()
  expect(out + err).not.toMatch(/hidden-/)
  expect(err).toContain('temporary folder')
  const [code, milliseconds] = await end(server)
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(5_000)
  expect(leftFolders()).toEqual([])
})

test('serve: an open WebSocket and a running search do not hold up its end', async () => {
  const server = await serve(['--no-tls'], { SPLUNK_PASSWORD: 'p' })
  const socket = new WebSocket(server.urls.WebSocket!, { headers: basic('p') })
  await new Promise((resolve) => socket.on('open', resolve))
  socket.send(JSON.stringify({ type: 'search', id: '1', search: '| makeresults count=100000000 | eval a=random() | stats dc(a)' }))
  await new Promise((resolve) => socket.once('message', resolve))
  const [code, milliseconds] = await end(server, 'SIGINT')
  expect(code).toBe(0)
  expect(milliseconds).toBeLessThan(5_000)
  expect(leftFolders()).toEqual([])
})

test('serve: refused on an address that others reach with the password that everybody knows, and on a port that is taken', async () => {
  const open = run(['serve', '--host', '0.0.0.0', '--port', '0'])
  expect(open.code).toBe(2)
  expect(open.err).toContain('SPLUNK_PASSWORD')
  const server = await serve(['--no-tls'])
  const port = new URL(server.urls['REST API']!).port
  const taken = run(['serve', '--port', port, '--hec-port', '0', '--web-port', '0'])
  expect(taken.code).toBe(2)
  expect(taken.err).toContain('EADDRINUSE')
  await end(server)
  expect(leftFolders()).toEqual([])
})
