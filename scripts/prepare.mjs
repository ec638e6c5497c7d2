/**
 * Makes sure of sqlite3's native addon: already there, else from the cache, else from sqlite3's own installer (a
 * download), else compiled. npm runs no install scripts here (.npmrc), so whatever needs the addon calls this first.
 */
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const INSTALLER_SECONDS = 60
const NOTICE_SECONDS = 15
const TOOLS = [
  { what: 'Python 3', names: ['python3', 'python'] },
  { what: 'make', names: ['make', 'gmake'] },
  { what: 'a C++ compiler', names: ['c++', 'g++', 'clang++'] },
]

/** Where sqlite3 looks for its addon, under the folder that holds node_modules. */
export function addonPath(root) {
  return join(root, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node')
}

/** The C library that the running node is linked to, since an addon made for another one does not load. */
export function libcName() {
  if (process.platform !== 'linux') return 'system'
  process.report.excludeNetwork = true // looks up no host names, which may take seconds
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

/** The file in the user's cache for this version, platform, processor and C library. */
export function cachePath(version, env = process.env, libc = libcName()) {
  const cache = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache')
  return join(cache, 'headstand', `sqlite3-${version}-${process.platform}-${process.arch}-${libc}.node`)
}

/** Whether the addon loads, tried in a process of its own: a damaged file may end the process that loads it. */
export function loads(file) {
  if (!existsSync(file)) return false
  return (
    spawnSync(process.execPath, ['-e', 'require(process.argv[1])', file], { stdio: 'ignore', timeout: 60_000, killSignal: 'SIGKILL' })
      .status === 0
  )
}

/** Copies in one step as seen from outside, so that a run beside this one never reads half a file. */
export function copyAtomically(from, to) {
  const part = `${to}.${process.pid}.tmp`
  mkdirSync(dirname(to), { recursive: true })
  try {
    copyFileSync(from, part)
    renameSync(part, to)
  } finally {
    rmSync(part, { force: true })
  }
}

/** What a compile needs and the PATH does not offer, in words. */
export function missingTools(path = process.env.PATH ?? '') {
  const folders = path.split(delimiter).filter(Boolean)
  const found = (name) => folders.some((folder) => isExecutable(join(folder, process.platform === 'win32' ? `${name}.exe` : name)))
  return TOOLS.filter((tool) => !tool.names.some(found)).map((tool) => tool.what)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder with node's own headers, which spares the compile a download; undefined where node came without them. */
export function headersFolder(execPath = process.execPath) {
  const prefix = dirname(dirname(realpathSync(execPath)))
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? prefix : undefined
}

/** sqlite3's own installer, as its package.json names it. */
export function installerCommand(root) {
  const program = join(root, 'node_modules', 'prebuild-install', 'bin.js')
  return { program: process.execPath, args: [program, '-r', 'napi'], cwd: join(root, 'node_modules', 'sqlite3'), env: {} }
}

/** The compile. `build_from_source` keeps it from fetching again a binary that was just found not to load. */
export function compilerCommand(root, headers = headersFolder()) {
  const npm = process.env.npm_execpath
  const args = ['rebuild', 'sqlite3', '--ignore-scripts=false']
  return {
    program: npm ? process.execPath : 'npm',
    args: npm ? [npm, ...args] : args,
    cwd: root,
    env: { npm_config_build_from_source: 'sqlite3', ...(headers ? { npm_config_nodedir: headers } : {}) },
  }
}

/**
 * Runs a command to its end, quietly: says every 15 s that it still runs.
 * @returns whether it ended well, and what it printed
 */
export function runQuietly(command, { what, log, limitSeconds, noticeSeconds = NOTICE_SECONDS }) {
  return new Promise((resolve) => {
    const started = Date.now()
    const child = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command.program === 'npm',
      ...(limitSeconds ? { timeout: limitSeconds * 1000 } : {}),
    })
    let output = ''
    const keep = (piece) => {
      output = (output + piece).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const notice = setInterval(() => log(`  ${what}: ${Math.round((Date.now() - started) / 1000)} s so far`), noticeSeconds * 1000)
    const end = (ok) => {
      clearInterval(notice)
      resolve({ ok, output })
    }
    child.on('error', (error) => {
      keep(error.message)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

/**
 * Sees to it that the addon is there and loads.
 * @returns where it came from: 'present', 'cache', 'installer' or 'compiler'
 * @throws Error that says which tool is missing, or shows the end of the compiler's output
 */
export async function prepare(options) {
  const { root, log = console.log, path = process.env.PATH, installer = installerCommand(root), compiler = compilerCommand(root) } = options
  const addon = addonPath(root)
  if (loads(addon)) return 'present'
  if (existsSync(addon)) {
    log(`${addon} does not load on this machine; it is replaced.`)
    rmSync(addon)
  }
  const cached = options.cached ?? cachePath(sqliteVersion(root))
  if (takeFromCache(cached, addon, log)) return 'cache'

  await runQuietly(installer, { what: "sqlite3's installer", log, limitSeconds: INSTALLER_SECONDS })
  if (loads(addon)) return keepInCache(addon, cached, 'installer', log)

  rmSync(addon, { force: true })
  log('No ready-made sqlite3 addon for this machine: it is compiled now, once, which takes one to two minutes.')
  const compiled = await runQuietly(compiler, { what: 'compiling sqlite3', log })
  if (loads(addon)) return keepInCache(addon, cached, 'compiler', log)
  throw new Error(failureText(compiled.output, missingTools(path)))
}

function sqliteVersion(root) {
  const file = join(root, 'node_modules', 'sqlite3', 'package.json')
  if (!existsSync(file)) throw new Error('sqlite3 is not installed: run `npm ci` first.')
  return JSON.parse(readFileSync(file, 'utf8')).version
}

function takeFromCache(cached, addon, log) {
  if (!existsSync(cached)) return false
  if (!loads(cached)) {
    log(`${cached} does not load; it is removed from the cache.`)
    rmSync(cached, { force: true })
    return false
  }
  copyAtomically(cached, addon)
  return loads(addon)
}

function keepInCache(addon, cached, from, log) {
  try {
    copyAtomically(addon, cached)
  } catch (error) {
    log(`The addon could not be put into the cache (${error.message}); the next installation makes it again.`)
  }
  return from
}

function failureText(output, missing) {
  if (missing.length === 0) return `sqlite3's addon could not be compiled:\n${output.trimEnd().split('\n').slice(-30).join('\n')}`
  return `sqlite3's addon could not be compiled: ${missing.join(' and ')} not found. On Debian or Ubuntu: apt-get install python3 make g++`
}

async function main() {
  const from = await prepare({ root: join(dirname(fileURLToPath(import.meta.url)), '..') })
  if (from !== 'present')
    console.log(`sqlite3's addon: ${{ cache: 'from the cache', installer: 'downloaded', compiler: 'compiled' }[from]}`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
