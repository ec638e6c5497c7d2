import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  addonPath,
  type Command,
  cachePath,
  compilerCommand,
  headersFolder,
  missingTools,
  type PrepareOptions,
  prepare,
  runQuietly,
} from '../../../scripts/prepare.mjs'

const realAddon = addonPath(join(__dirname, '..', '..', '..'))

let folder: string
let root: string
let cached: string
let lines: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-prepare-'))
  root = join(folder, 'project')
  cached = join(folder, 'cache', 'headstand', 'sqlite3.node')
  lines = []
  mkdirSync(dirname(addonPath(root)), { recursive: true })
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A real command that ends with the given code, after putting a file where sqlite3 looks for its addon. */
function command(code: number, puts?: string): Command {
  const script =
    'const [code, from, to] = process.argv.slice(1); if (from) require("fs").copyFileSync(from, to); process.exitCode = Number(code)'
  const args = ['-e', script, String(code), ...(puts === undefined ? [] : [puts, addonPath(root)])]
  return { program: process.execPath, args, cwd: folder, env: {} }
}

const run = (options: Partial<PrepareOptions> = {}) =>
  prepare({ root, cached, log: (line) => lines.push(line), installer: command(1), compiler: command(1), ...options })

function damagedFile(): string {
  const file = join(folder, 'damaged.node')
  writeFileSync(file, readFileSync(realAddon).subarray(0, 5000))
  return file
}

test('an addon that loads is left alone', async () => {
  copyFileSync(realAddon, addonPath(root))
  expect(await run()).toBe('present')
  expect(lines).toEqual([])
  expect(existsSync(cached)).toBe(false)
})

test('a missing addon comes from the cache', async () => {
  mkdirSync(dirname(cached), { recursive: true })
  copyFileSync(realAddon, cached)
  expect(await run()).toBe('cache')
  expect(readFileSync(addonPath(root)).equals(readFileSync(realAddon))).toBe(true)
})

test('an addon that does not load is replaced, and said', async () => {
  copyFileSync(damagedFile(), addonPath(root))
  mkdirSync(dirname(cached), { recursive: true })
  copyFileSync(realAddon, cached)
  expect(await run()).toBe('cache')
  expect(lines).toEqual([expect.stringContaining('does not load on this machine')])
})

test('a damaged file in the cache is thrown away and made again', async () => {
  mkdirSync(dirname(cached), { recursive: true })
  copyFileSync(damagedFile(), cached)
  expect(await run({ installer: command(0, realAddon) })).toBe('installer')
  expect(lines).toEqual([expect.stringContaining('removed from the cache')])
  expect(readFileSync(cached).equals(readFileSync(realAddon))).toBe(true)
})

test.each([
  ['fails', 1, undefined],
  ['brings a file that does not load', 0, damagedFile],
])('where the installer %s, the addon is compiled and kept in the cache', async (_what, code, file) => {
  expect(await run({ installer: command(code, file?.()), compiler: command(0, realAddon) })).toBe('compiler')
  expect(lines).toEqual([expect.stringContaining('compiled now')])
  expect(existsSync(cached)).toBe(true)
})

test('a cache that cannot be written is no failure', async () => {
  writeFileSync(join(folder, 'cache'), 'a file where the folder should be')
  expect(await run({ installer: command(0, realAddon) })).toBe('installer')
  expect(lines).toEqual([expect.stringContaining('could not be put into the cache')])
})

test('a compile that fails names the missing tools', async () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'python3'), '')
  chmodSync(join(bin, 'python3'), 0o755)
  writeFileSync(join(bin, 'make'), 'not executable')
  expect(missingTools(bin)).toEqual(['make', 'a C++ compiler'])
  await expect(run({ path: bin })).rejects.toThrow('make and a C++ compiler not found')
})

test('a compile that fails with every tool there shows its output', async () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['python3', 'make', 'c++']) writeFileSync(join(bin, name), '', { mode: 0o755 })
  const compiler = { ...command(1), args: ['-e', 'console.error("no space left"); process.exitCode = 1'] }
  await expect(run({ path: bin, compiler })).rejects.toThrow('could not be compiled:\nno space left')
})

test('a compile says while it runs how long it has taken', async () => {
  const slow = { ...command(0), args: ['-e', 'setTimeout(() => {}, 200)'] }
  const { ok } = await runQuietly(slow, { what: 'compiling', log: (line) => lines.push(line), noticeSeconds: 0.05 })
  expect(ok).toBe(true)
  expect(lines[0]).toBe('  compiling: 0 s so far')
})

test('the cache is in XDG_CACHE_HOME, else in ~/.cache', () => {
  const name = `sqlite3-6.0.1-${process.platform}-${process.arch}-musl.node`
  expect(cachePath('6.0.1', { XDG_CACHE_HOME: '/c', HOME: '/h' }, 'musl')).toBe(join('/c', 'headstand', name))
  expect(cachePath('6.0.1', { HOME: '/h' }, 'musl')).toBe(join('/h', '.cache', 'headstand', name))
})

test('the compile uses the headers that came with node, where they did', () => {
  mkdirSync(join(folder, 'node', 'bin'), { recursive: true })
  const exec = join(folder, 'node', 'bin', 'node')
  writeFileSync(exec, '')
  expect(headersFolder(exec)).toBeUndefined()
  mkdirSync(join(folder, 'node', 'include', 'node'), { recursive: true })
  writeFileSync(join(folder, 'node', 'include', 'node', 'node.h'), '')
  const headers = headersFolder(exec)
  expect(headers).toBe(join(folder, 'node'))
  expect(compilerCommand(root, headers).env).toEqual({ npm_config_build_from_source: 'sqlite3', npm_config_nodedir: headers })
})
