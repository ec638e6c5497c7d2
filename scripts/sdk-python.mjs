/**
 * Drives a server with Splunk's own Python client: makes a virtual environment, installs splunk-sdk into it, starts
 * `dist/bin.js serve` on free ports, sends it the sample over the HTTP Event Collector, runs scripts/sdk_python_check.py.
 * Where there is no Python, or no index to install from, it says so and ends well: it is no part of the tests.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const environment = join(root, 'node_modules', '.cache', 'headstand', 'sdk-python')
const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
const PASSWORD = 'of the python check'
const TOKEN = '44444444-4444-4444-4444-444444444444'

class Absent extends Error {}

/** Runs a program to its end. @returns its exit code and what it said */
async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += data))
  const code = await new Promise((resolve) => child.once('error', () => resolve(127)).once('close', resolve))
  return { code, said: said.trim().split('\n').at(-1) ?? '' }
}

async function sdk() {
  if (!existsSync(python)) {
    const made = await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', environment])
    if (made.code !== 0) throw new Absent(`no virtual environment could be made: ${made.said}`)
  }
  if ((await run(python, ['-c', 'import splunklib.client'])).code === 0) return
  const installed = await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--retries',
    '1',
    'splunk-sdk>=2,<3',
  ])
  if (installed.code !== 0) throw new Absent(`splunk-sdk could not be installed: ${installed.said}`)
}

/** Starts the server. @returns its process and the ports that it says */
async function serve() {
  const env = { ...process.env, HEADSTAND_PASSWORD: PASSWORD, HEADSTAND_HEC_TOKEN: TOKEN }
  const child = spawn(process.execPath, [join(root, 'dist', 'bin.js'), 'serve', '--port', '0', '--log-level', 'warn'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const portOf = (name) => Number(new RegExp(`^${name}\\s+https://[^\\s/]+:(\\d+)`, 'm').exec(said)?.[1])
  for await (const data of child.stdout.iterator({ destroyOnReturn: false })) {
    said += data
    if (/^Page\s.*\n/m.test(said)) return { child, management: portOf('REST API'), collector: portOf('Event Collector') }
  }
  throw new Error(`the server ended: ${said}`)
}

/** Sends a compressed file of events as it is. */
async function sendSample(port) {
  const headers = { Authorization: `Splunk ${TOKEN}`, 'Content-Encoding': 'gzip' }
  const sending = request({ host: '127.0.0.1', port, path: '/services/collector', method: 'POST', headers, rejectUnauthorized: false })
  createReadStream(join(root, 'data', 'samples', 'sysmon-xml.ndjson.gz')).pipe(sending)
  const [response] = await once(sending, 'response')
  let said = ''
  for await (const data of response) said += data
  if (response.statusCode !== 200) throw new Error(`the collector answered ${response.statusCode}: ${said}`)
}

async function check({ management, collector }) {
  await sendSample(collector)
  const rule = parse(readFileSync(join(root, 'data', 'rules', 'windows_ftp_exfiltration.yml'), 'utf8'))
  const env = { ...process.env, HEADSTAND_PORT: String(management), HEADSTAND_PASSWORD: PASSWORD, HEADSTAND_RULE: `search ${rule.logic}` }
  const child = spawn(python, [join(root, 'scripts', 'sdk_python_check.py')], { env, stdio: 'inherit' })
  return (await once(child, 'close'))[0]
}

async function main() {
  await sdk()
  const server = await serve()
  try {
    return await check(server)
  } finally {
    server.child.kill('SIGTERM')
    if (server.child.exitCode === null) await once(server.child, 'close')
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof Absent)) throw error
  console.log(`skipped: ${error.message}`)
}
