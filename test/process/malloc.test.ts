import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MALLOC } from '../../search/engine/malloc'
import { column, ran, startHead, until } from './engine-head'

const program = join(__dirname, '..', '..', 'dist', 'bin.js')
const linux = process.platform === 'linux' ? describe : describe.skip
if (linux !== describe) console.log('skipped: settings of malloc, which glibc has')

const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
const environmentOf = (pid: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)

let folder: string
const started: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'malloc-test-'))
})
afterEach(() => {
  // What a failed test left waits for its input.
  for (const child of started.splice(0)) child.stdin!.destroy()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

linux('the settings of malloc', () => {
  test('the engine of a server has them', async () => {
    const head = await startHead()
    try {
      expect(environmentOf(head.enginePid!)).toMatchObject(MALLOC)
    } finally {
      await head.close()
    }
  })

  interface Ingesting {
    readonly child: ChildProcess
    readonly db: string
    said(): { readonly out: string; readonly err: string }
  }
  function ingesting(name: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = ['-']): Ingesting {
    const db = join(folder, name)
    // A group of its own, as a shell gives it.
    const child = spawn(process.execPath, [program, 'ingest', '--db', db, ...args], {
      env: { PATH: process.env.PATH, ...env },
      detached: true,
    })
    started.push(child)
    const said = { out: '', err: '' }
    child.stdout.on('data', (part: Buffer) => (said.out += part))
    child.stderr.on('data', (part: Buffer) => (said.err += part))
    return { child, db, said: () => said }
  }
  const lines = (count: number) =>
    Array.from({ length: count }, (_, i) => `${JSON.stringify({ time: 1714557600 + i, event: `n${i}` })}\n`).join('')
  const ended = async (child: ChildProcess) => (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  /** Sends so many events that some are stored, and leaves the standard input open. @returns the process that stores them */
  async function begun({ child, db }: Ingesting): Promise<number> {
    child.stdin!.write(lines(6_000))
    await until(() => existsSync(db))
    return childrenOf(child.pid!)[0]!
  }
  async function stored(db: string): Promise<number> {
    const head = await startHead({ db })
    try {
      const { job } = await ran(head, 'search index=main | stats count')
      return Number((await column(job, 'count'))[0])
    } finally {
      await head.close()
    }
  }

  test('ingest reads its standard input in a process that has them; a setting that is there stays', async () => {
    const running = ingesting('stdin', { MALLOC_TOP_PAD_: '1', OTHER: 'x' })
    const inner = await begun(running)
    expect(environmentOf(inner)).toMatchObject({ ...MALLOC, MALLOC_TOP_PAD_: '1', OTHER: 'x' })
    running.child.stdin!.end(lines(3))
    expect(await ended(running.child)).toEqual([0, null])
    expect(running.said().out).toMatch(/^6,003 events in /)
    expect(alive(inner)).toBe(false)
    expect(await stored(running.db)).toBe(6_003)
  })

  test('where all are there, no other process is started', async () => {
    const running = ingesting('one', MALLOC)
    await begun(running)
    expect(childrenOf(running.child.pid!)).toEqual([])
    running.child.stdin!.end()
    expect(await ended(running.child)).toEqual([0, null])
  })

  test('its exit code and what it says of an error', async () => {
    const running = ingesting('absent', {}, [join(folder, 'absent.log')])
    expect(await ended(running.child)).toEqual([2, null])
    expect(running.said().err).toContain('absent.log')
  })

  test.each([
    ['SIGINT to the process', (pid: number) => process.kill(pid, 'SIGINT')],
    ['SIGTERM to the process', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['SIGINT to both, as from a terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('%s ends both in order', async (name, kill) => {
    const running = ingesting(name)
    const inner = await begun(running)
    kill(running.child.pid!)
    expect(await ended(running.child)).toEqual([130, null])
    expect(running.said().err).toBe('headstand: interrupted; the store holds what was read so far\n')
    expect(alive(inner)).toBe(false)
    // A batch, or none yet: the store is whole, and nobody holds it.
    expect([0, 5_000]).toContain(await stored(running.db))
  })

  test('SIGKILL to either ends both', async () => {
    const outer = ingesting('outer')
    const itsInner = await begun(outer)
    outer.child.kill('SIGKILL')
    await until(() => !alive(itsInner))
    const running = ingesting('inner')
    process.kill(await begun(running), 'SIGKILL')
    expect(await ended(running.child)).toEqual([null, 'SIGKILL'])
  })
})
