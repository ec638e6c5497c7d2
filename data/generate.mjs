#!/usr/bin/env node
// Makes Sysmon process-creation events of an invented company, each as XML and as text, from one description of the event.
// The same seed gives the same bytes. No event is copied from anywhere.
//
//   node data/generate.mjs --samples                               writes data/samples/*.ndjson.gz anew
//   node data/generate.mjs --count 500000 --form xml --out FILE    NDJSON of HEC events; FILE may end in .gz, `-` is stdout
//     --form xml|text|both   --seed N   --start EPOCH   --hours N   --script-rate SHARE (of FTP runs that read a script)
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createGzip } from 'node:zlib'

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
const PROVIDER_GUID = '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'
/** 2024-03-04 00:00:00 UTC */
const START = 1709510400

export const DEFAULTS = { seed: 1, start: START, hours: 48, scriptRate: 0.0002 }
/** What the committed samples are made with. */
export const SAMPLE = { count: 1200, seed: 20240304, start: START, hours: 12, scriptRate: 0.006 }

// ---------------------------------------------------------------------------------------------- chance

/** Numbers of [0, 1) from a seed (splitmix32). */
function chance(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return ((x ^ (x >>> 15)) >>> 0) / 4294967296
  }
}
const below = (random, n) => Math.floor(random() * n)
const pick = (random, list) => list[below(random, list.length)]
const hex = (random, digits) => {
  let out = ''
  while (out.length < digits) out += below(random, 0x10000).toString(16).toUpperCase().padStart(4, '0')
  return out.slice(0, digits)
}

// ---------------------------------------------------------------------------------------------- the company

const NAMES = 'abara bielik castan dorset elmira fenwick galway harlan ikeda jansen kovac lindt moreau novak okafor petrov quist rossi sato tanaka ueda varga wolff xenos yilmaz zeman adler bergman cohen duarte'.split(' ')
const DOMAIN = 'NORDWIND'
const SUFFIX = 'nordwind.example'

/** Machines, the busy ones first. */
const HOSTS = [
  ...Array.from({ length: 8 }, (_v, i) => ({ name: `srv-${['file', 'app', 'db', 'web', 'build', 'print', 'mail', 'dc'][i]}01`, server: true })),
  ...Array.from({ length: 40 }, (_v, i) => ({ name: `ws-${String(1001 + i * 7)}`, server: false, user: NAMES[i % NAMES.length] })),
].map((h, i) => ({ ...h, fqdn: `${h.name}.${SUFFIX}`, prefix: (0x3a51c000 + i * 0x1011).toString(16).toUpperCase() }))

/** path, description, product, company, original name, version */
const image = (path, description, more = {}) => ({
  path,
  description,
  product: more.product ?? 'Microsoft® Windows® Operating System',
  company: more.company ?? 'Microsoft Corporation',
  original: more.original ?? path.slice(path.lastIndexOf('\\') + 1).toUpperCase(),
  version: more.version ?? '10.0.19041.3636 (WinBuild.160101.0800)',
})
const S32 = 'C:\\Windows\\System32\\'
const IMAGES = {
  svchost: image(`${S32}svchost.exe`, 'Host Process for Windows Services', { original: 'svchost.exe' }),
  services: image(`${S32}services.exe`, 'Services and Controller app', { original: 'services.exe' }),
  explorer: image('C:\\Windows\\explorer.exe', 'Windows Explorer'),
  conhost: image(`${S32}conhost.exe`, 'Console Window Host'),
  cmd: image(`${S32}cmd.exe`, 'Windows Command Processor', { original: 'Cmd.Exe' }),
  powershell: image(`${S32}WindowsPowerShell\\v1.0\\powershell.exe`, 'Windows PowerShell', { original: 'PowerShell.EXE' }),
  taskhostw: image(`${S32}taskhostw.exe`, 'Host Process for Windows Tasks', { original: 'taskhostw.exe' }),
  background: image(`${S32}backgroundTaskHost.exe`, 'Background Task Host'),
  wmiprvse: image(`${S32}wbem\\WmiPrvSE.exe`, 'WMI Provider Host', { original: 'Wmiprvse.exe' }),
  msiexec: image(`${S32}msiexec.exe`, 'Windows® installer', { original: 'msiexec.exe', product: 'Windows Installer - Unicode' }),
  rundll32: image(`${S32}rundll32.exe`, 'Windows host process (Rundll32)'),
  ipconfig: image(`${S32}ipconfig.exe`, 'IP Configuration Utility', { original: 'ipconfig.exe' }),
  whoami: image(`${S32}whoami.exe`, 'whoami - displays logged on user information', { original: 'whoami.exe' }),
  net: image(`${S32}net.exe`, 'Net Command', { original: 'net.exe' }),
  sc: image(`${S32}sc.exe`, 'Service Control Manager Configuration Tool', { original: 'sc.exe' }),
  schtasks: image(`${S32}schtasks.exe`, 'Task Scheduler Configuration Tool', { original: 'schtasks.exe' }),
  reg: image(`${S32}reg.exe`, 'Registry Console Tool', { original: 'reg.exe' }),
  certutil: image(`${S32}certutil.exe`, 'CertUtil.exe', { original: 'CertUtil.exe' }),
  ftp: image(`${S32}ftp.exe`, 'File Transfer Program', { original: 'ftp.exe' }),
  sftp: image(`${S32}OpenSSH\\sftp.exe`, '', { product: 'OpenSSH for Windows', company: '', original: '', version: '8.1.0.1' }),
  curl: image(`${S32}curl.exe`, 'The curl executable', { original: 'curl.exe', product: 'The curl executable', company: 'curl, https://curl.se/', version: '8.4.0' }),
  chrome: image('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'Google Chrome', { product: 'Google Chrome', company: 'Google LLC', original: 'chrome.exe', version: '122.0.6261.94' }),
  teams: image('C:\\Program Files\\WindowsApps\\MSTeams\\ms-teams.exe', 'Microsoft Teams', { product: 'Microsoft Teams', original: 'msteams.exe', version: '24026.1000.2725.8761' }),
  excel: image('C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE', 'Microsoft Excel', { product: 'Microsoft Office', original: 'Excel.exe', version: '16.0.17231.20236' }),
  git: image('C:\\Program Files\\Git\\cmd\\git.exe', 'Git for Windows', { product: 'Git', company: 'The Git Development Community', original: 'git.exe', version: '2.43.0.1' }),
  node: image('C:\\Program Files\\nodejs\\node.exe', 'Node.js JavaScript Runtime', { product: 'Node.js', company: 'Node.js', original: 'node.exe', version: '20.11.1' }),
  robocopy: image(`${S32}Robocopy.exe`, 'Microsoft Robocopy', { original: 'robocopy.exe' }),
}
const hashes = new Map()
/** A digest list for an image: the same for every event of it. */
function hashesOf(path) {
  let found = hashes.get(path)
  if (!found) {
    const digest = (kind, salt) => createHash(kind).update(`${salt}:${path}`).digest('hex').toUpperCase()
    hashes.set(path, (found = `MD5=${digest('md5', 'a')},SHA256=${digest('sha256', 'b')},IMPHASH=${digest('md5', 'c')}`))
  }
  return found
}

// ---------------------------------------------------------------------------------------------- what runs

const BRANCHES = ['main', 'release/24.1', 'fix/rounding', 'feature/export']
const FILES = ['orders', 'stock', 'invoices', 'customers', 'prices', 'shipments', 'returns']
const MIRRORS = ['ftp.mirror.example', 'files.partner.example', '10.20.30.40', 'downloads.vendor.example']
const year = (random) => 2019 + below(random, 5)

/** weight, image, parent, command line, whether it runs as the system */
const RUNS = [
  [220, 'svchost', 'services', (r) => `C:\\Windows\\system32\\svchost.exe -k ${pick(r, ['netsvcs', 'LocalService', 'NetworkService', 'wsappx'])} -p -s ${pick(r, ['wuauserv', 'BITS', 'AppXSvc', 'WdiSystemHost', 'lfsvc'])}`, true],
  [120, 'chrome', 'chrome', (r) => `"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=renderer --lang=en-US --renderer-client-id=${below(r, 4000)} --time-ticks-at-unix-epoch=-${1709510000000000 + below(r, 1e9)} /prefetch:1`],
  [110, 'conhost', 'cmd', () => '\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1'],
  [90, 'background', 'svchost', (r) => `"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:App.AppX${hex(r, 12).toLowerCase()}.mca`],
  [70, 'cmd', 'explorer', (r) => `"C:\\Windows\\system32\\cmd.exe" /c "cd /d D:\\Reports & if exist ${pick(r, FILES)}.csv (type ${pick(r, FILES)}.csv > NUL)"`],
  [60, 'taskhostw', 'svchost', () => 'taskhostw.exe', true],
  [55, 'wmiprvse', 'svchost', () => 'C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding', true],
  [50, 'git', 'cmd', (r) => `git.exe -c core.quotepath=false --no-optional-locks ${pick(r, ['status', 'fetch origin', 'log -1 --format="%H <%ae>"', `checkout ${pick(r, BRANCHES)}`])}`],
  [45, 'powershell', 'svchost', (r) => `powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File "C:\\Scripts\\${pick(r, ['Inventory', 'Cleanup', 'Backup-Check'])}.ps1" -Site ${pick(r, ['north', 'south'])}`, true],
  [40, 'node', 'cmd', (r) => `"C:\\Program Files\\nodejs\\node.exe" node_modules\\.bin\\tsc --project ${pick(r, ['api', 'web', 'tools'])}`],
  [35, 'teams', 'explorer', () => '"C:\\Program Files\\WindowsApps\\MSTeams\\ms-teams.exe" msteams:system-initiated'],
  [30, 'excel', 'explorer', (r) => `"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE" "D:\\Reports\\${pick(r, FILES)} ${year(r)} – R&D.xlsx"`],
  [25, 'msiexec', 'services', () => 'C:\\Windows\\system32\\msiexec.exe /V', true],
  [22, 'rundll32', 'explorer', () => '"C:\\Windows\\system32\\rundll32.exe" shell32.dll,Control_RunDLL desk.cpl,,0'],
  [18, 'robocopy', 'cmd', (r) => `robocopy D:\\Reports \\\\srv-file01\\archive\\${year(r)} /MIR /R:2 /W:5`],
  [14, 'powershell', 'explorer', (r) => `powershell -Command "Get-ChildItem 'D:\\Reports' | Where-Object { $_.Length -gt ${below(r, 9000)} -and $_.Name -like '*${pick(r, FILES)}*' }"`],
  [12, 'ipconfig', 'cmd', (r) => `ipconfig ${pick(r, ['/all', '/renew', '/flushdns'])}`],
  [10, 'net', 'cmd', (r) => `net use ${pick(r, ['Z:', 'Y:'])} \\\\srv-file01\\${pick(r, ['team', 'archive'])}`],
  [8, 'sc', 'cmd', (r) => `sc query ${pick(r, ['spooler', 'wuauserv', 'BITS'])}`],
  [8, 'curl', 'cmd', (r) => `curl -sS -o ${pick(r, FILES)}.json "https://api.partner.example/v2/${pick(r, FILES)}?from=${year(r)}&size=${below(r, 500)}"`],
  [6, 'schtasks', 'powershell', () => 'schtasks /Query /FO CSV /NH', true],
  [5, 'reg', 'cmd', () => 'reg query "HKLM\\SOFTWARE\\Nordwind\\Agent" /v Version'],
  [4, 'whoami', 'cmd', () => 'whoami'],
  [3, 'certutil', 'cmd', (r) => `certutil -hashfile ${pick(r, FILES)}.zip SHA256`],
  // FTP as people use it, without a script: a hunt for scripts must pass these over.
  [4, 'ftp', 'cmd', (r) => `ftp ${pick(r, MIRRORS)}`],
  [3, 'ftp', 'cmd', (r) => `ftp -n -i ${pick(r, MIRRORS)}`],
  [2, 'ftp', 'cmd', (r) => `"C:\\Windows\\System32\\ftp.exe" -A ${pick(r, MIRRORS)}`],
  [2, 'ftp', 'explorer', () => 'ftp.exe'],
  [3, 'sftp', 'cmd', (r) => `sftp -b nightly.txt ${pick(r, NAMES)}@${pick(r, MIRRORS)}`],
  [2, 'robocopy', 'cmd', (r) => `robocopy D:\\ftp \\\\srv-file01\\ftp ${pick(r, FILES)}.csv /S`],
]
const TOTAL = RUNS.reduce((sum, [weight]) => sum + weight, 0)

/** FTP that reads its commands from a file. */
const SCRIPTS = [
  ['ftp', (r) => `ftp -s:C:\\Users\\Public\\${pick(r, ['up', 'sync', 'job'])}.txt`],
  ['ftp', (r) => `ftp  -v -n -i -s:%TEMP%\\${hex(r, 6).toLowerCase()}.dat ${pick(r, MIRRORS)}`],
  ['ftp', (r) => `FTP -i -s:"D:\\Reports\\R&D\\${pick(r, FILES)}.ftp"`],
  ['cmd', (r) => `cmd.exe /c ftp -A -s:commands.scr ${pick(r, MIRRORS)} > NUL`],
]

// ---------------------------------------------------------------------------------------------- events

/**
 * Events in the order of time, as descriptions: `data` holds the names and values of EventData in Sysmon's order.
 * @returns a generator of { time, host, record, pid, thread, script, data }
 */
export function* events(count, { seed, start, hours, scriptRate } = DEFAULTS) {
  const random = chance(seed)
  const states = HOSTS.map((h, i) => ({ record: 40000 + i * 1000, last: new Map(), session: 0x20000 + below(random, 0xfffff), logon: below(random, 0xffffff) }))
  for (let i = 0; i < count; i++) {
    const time = start + ((i + random()) * hours * 3600) / count
    // The square prefers the first machines, as real fleets have few that are loud.
    const at = Math.floor(random() * random() * HOSTS.length)
    yield eventOf(random, { time: Math.round(time * 1000) / 1000, serial: i, host: HOSTS[at], state: states[at], scriptRate })
  }
}

function eventOf(random, { time, serial, host, state, scriptRate }) {
  const script = random() < scriptRate
  const scripted = script ? pick(random, SCRIPTS) : undefined
  const [, name, parentName, command, system] = scripted ? [0, scripted[0], 'cmd', scripted[1]] : weighted(random)
  const what = IMAGES[name]
  const parent = IMAGES[parentName]
  const asSystem = system === true || (host.server && !script && random() < 0.5)
  const user = asSystem ? 'NT AUTHORITY\\SYSTEM' : `${DOMAIN}\\${host.user ?? pick(random, NAMES)}`
  const seconds = Math.floor(time)
  const guid = (n) => `{${host.prefix}-${hex(random, 4)}-${(seconds & 0xffff).toString(16).toUpperCase().padStart(4, '0')}-${hex(random, 4)}-${n.toString(16).toUpperCase().padStart(12, '0')}}`
  const parentOf = state.last.get(parentName) ?? { guid: guid(0x700000000000 + serial), id: 500 + below(random, 9000) * 4 }
  const self = { guid: guid(serial), id: 1000 + below(random, 8000) * 4 }
  if (random() < 0.3) state.last.set(name, self)
  const logon = asSystem ? '0x3e7' : `0x${state.logon.toString(16)}`
  const line = command(random)
  const directory = asSystem ? 'C:\\Windows\\system32\\' : pick(random, [`C:\\Users\\${user.slice(user.indexOf('\\') + 1)}\\`, 'D:\\Reports\\', 'C:\\Windows\\system32\\'])
  const written = time + 0.002 + below(random, 15) / 1000
  const data = [
    ['RuleName', '-'],
    ['UtcTime', utc(time)],
    ['ProcessGuid', self.guid],
    ['ProcessId', String(self.id)],
    ['Image', what.path],
    ['FileVersion', what.version || '-'],
    ['Description', what.description || '-'],
    ['Product', what.product || '-'],
    ['Company', what.company || '-'],
    ['OriginalFileName', what.original || '-'],
    ['CommandLine', line],
    ['CurrentDirectory', directory],
    ['User', user],
    ['LogonGuid', `{${host.prefix}-0000-0000-0000-${(state.session + (asSystem ? 0 : 1)).toString(16).toUpperCase().padStart(12, '0')}}`],
    ['LogonId', logon],
    ['TerminalSessionId', asSystem ? '0' : '1'],
    ['IntegrityLevel', asSystem ? 'System' : random() < 0.1 ? 'High' : 'Medium'],
    ['Hashes', hashesOf(what.path)],
    ['ParentProcessGuid', parentOf.guid],
    ['ParentProcessId', String(parentOf.id)],
    ['ParentImage', parent.path],
    ['ParentCommandLine', parentLine(parentName, parent.path)],
    ['ParentUser', asSystem || parentName === 'services' ? 'NT AUTHORITY\\SYSTEM' : user],
  ]
  return { time: Math.round(written * 1000) / 1000, host: host.fqdn, record: ++state.record, pid: 2400 + (host.name.length % 7) * 4, thread: 3100 + (serial % 5) * 4, script, data }
}

function weighted(random) {
  let left = random() * TOTAL
  for (const run of RUNS) if ((left -= run[0]) < 0) return run
  return RUNS[0]
}

function parentLine(name, path) {
  if (name === 'svchost') return 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule'
  if (name === 'services' || name === 'explorer') return path.endsWith('explorer.exe') ? 'C:\\Windows\\Explorer.EXE' : 'C:\\Windows\\system32\\services.exe'
  return `"${path}" `
}

const utc = (time) => new Date(Math.round(time * 1000)).toISOString().replace('T', ' ').replace('Z', '')
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** The event as Windows renders it for XmlWinEventLog. */
export function asXml(e) {
  const created = new Date(Math.round(e.time * 1000)).toISOString().replace('Z', '000000Z')
  const data = e.data.map(([name, value]) => `<Data Name='${name}'>${escaped(value)}</Data>`).join('')
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='${PROVIDER_GUID}'/>` +
    `<EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>` +
    `<TimeCreated SystemTime='${created}'/><EventRecordID>${e.record}</EventRecordID><Correlation/><Execution ProcessID='${e.pid}' ThreadID='${e.thread}'/>` +
    `<Channel>${CHANNEL}</Channel><Computer>${e.host}</Computer><Security UserID='S-1-5-18'/></System><EventData>${data}</EventData></Event>`
  )
}

/** The event as the classic WinEventLog input writes it: settings, then the message. */
export function asText(e) {
  const d = new Date(Math.floor(e.time) * 1000)
  const two = (n) => String(n).padStart(2, '0')
  const hour = d.getUTCHours()
  const when = `${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}/${d.getUTCFullYear()} ${two(hour % 12 || 12)}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`
  const head = `${when}\nLogName=${CHANNEL}\nEventCode=1\nEventType=4\nComputerName=${e.host}\nUser=NOT_TRANSLATED\nSid=S-1-5-18\nSidType=0\nSourceName=Microsoft-Windows-Sysmon\nType=Information\nRecordNumber=${e.record}\nKeywords=None\nTaskCategory=Process Create (rule: ProcessCreate)\nOpCode=Info\nMessage=Process Create:`
  return `${head}\n${e.data.map(([name, value]) => `${name}: ${value}`).join('\n')}`
}

/** What HEC takes for the event in a form. */
export function asHec(e, form) {
  const xml = form === 'xml'
  const kind = xml ? 'XmlWinEventLog' : 'WinEventLog'
  return { time: e.time, host: e.host, source: `${kind}:${CHANNEL}`, sourcetype: kind, event: xml ? asXml(e) : asText(e) }
}

/** NDJSON lines of HEC events. @param form xml, text, or both: each event twice */
export function* lines(count, form, options) {
  for (const e of events(count, options)) for (const f of form === 'both' ? ['xml', 'text'] : [form]) yield `${JSON.stringify(asHec(e, f))}\n`
}

// ---------------------------------------------------------------------------------------------- command line

async function write(path, source) {
  const out = path === '-' ? process.stdout : createWriteStream(path)
  const text = Readable.from(chunked(source))
  if (path.endsWith('.gz')) await pipeline(text, createGzip({ level: 9 }), out)
  else if (path === '-') for await (const piece of text) out.write(piece) || (await once(out, 'drain'))
  else await pipeline(text, out)
}
/** Some hundred lines at a time: a stream's turn for each line would cost more than the line. */
function* chunked(source) {
  let held = ''
  for (const line of source) {
    held += line
    if (held.length < 1 << 18) continue
    yield held
    held = ''
  }
  if (held) yield held
}

async function main() {
  const options = Object.fromEntries(['count', 'form', 'seed', 'start', 'hours', 'script-rate', 'out'].map((name) => [name, { type: 'string' }]))
  const { values: v } = parseArgs({ options: { ...options, samples: { type: 'boolean' } } })
  if (v.samples) {
    const folder = join(dirname(fileURLToPath(import.meta.url)), 'samples')
    for (const form of ['xml', 'text']) await write(join(folder, `sysmon-${form === 'xml' ? 'xml' : 'kv'}.ndjson.gz`), lines(SAMPLE.count, form, SAMPLE))
    return
  }
  const number = (name, fallback) => (v[name] === undefined ? fallback : Number(v[name]))
  const form = v.form ?? 'xml'
  if (!['xml', 'text', 'both'].includes(form)) throw new Error(`--form is xml, text or both, not '${form}'`)
  const chosen = { seed: number('seed', DEFAULTS.seed), start: number('start', DEFAULTS.start), hours: number('hours', DEFAULTS.hours), scriptRate: number('script-rate', DEFAULTS.scriptRate) }
  if ([number('count', 1), ...Object.values(chosen)].some(Number.isNaN)) throw new Error('--count, --seed, --start, --hours and --script-rate are numbers')
  await write(v.out ?? '-', lines(number('count', 1000), form, chosen))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((e) => {
    console.error(e.message)
    process.exitCode = 2
  })
}
