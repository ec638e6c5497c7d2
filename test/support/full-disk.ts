/**
 * A program: fills the disk of a folder with the events of a store, and writes what happened as JSON.
 * Arguments: the folder; `disk` when all that it holds is to be taken, at last by another file that then goes, or `file` when files can grow
 * no more; a folder elsewhere for a copy; megabytes at which a file of the store is full.
 */
import { appendFileSync, cpSync, existsSync, readdirSync, readlinkSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type SqliteStore } from '../../storage/backends/sqlite/store'
import { StoreError } from '../../storage/event-store'
import { event, found } from '../contract/event-store'

export interface Filled {
  /** Codes of what was refused, by what was done. */
  readonly refused: Readonly<Record<string, readonly string[]>>
  /** Serials, in the order in which they were acknowledged. */
  readonly acknowledged: readonly number[]
  /**
   * Serials that a search found and how many had been acknowledged: of a disk while no more than `minFreeSpace` was free; while nothing could be
   * written, when the copy was made too; afterwards; by the store opened anew.
   */
  readonly steps: readonly (readonly [readonly number[], number])[]
  readonly files: number
  readonly damage: readonly string[]
  /** Files of the store that are open after it was closed; undefined where that cannot be told. */
  readonly leftOpen: readonly string[] | undefined
}

const SIZES = [1, 2, 5, 30]
const REFUSALS = 25
const [dir, how, elsewhere, megabytes] = process.argv.slice(2) as [string, string, string, string]
const db = join(dir, 'db')
const open = (path = db, minFreeSpace = 0) =>
  openStore(path, { blockEvents: 8, codec: 'none', minFreeSpace, indexes: { '*': { maxDataSizeMB: Number(megabytes) } } })

const refused: Record<string, Set<string>> = {}
const acknowledged: number[] = []

/** Undefined when it was refused. */
async function attempt<T>(what: string, job: () => Promise<T>): Promise<T | undefined> {
  try {
    return await job()
  } catch (e) {
    if (!(e instanceof StoreError)) throw e
    refused[what] = (refused[what] ?? new Set()).add(e.code)
    return undefined
  }
}
async function appended(store: SqliteStore, size: number, bytes: number): Promise<boolean> {
  const { first } = await store.reserve('main', size)
  const events = Array.from({ length: size }, (_, i) =>
    event(`${first + i} ${'x'.repeat(bytes)}`, 1_700_000_000 + first, { source: `s${i % 3}` }),
  )
  if (!(await attempt('append', () => store.append('main', events, { index: 'main', first, count: size })))) return false
  for (let i = 0; i < size; i++) acknowledged.push(first + i)
  return true
}
/** Appends several at once until each of them was refused several times. */
async function fill(store: SqliteStore, bytes: number): Promise<void> {
  const some = async (size: number) => {
    for (let refusals = 0; refusals < REFUSALS; ) if (!(await appended(store, size, bytes))) refusals++
  }
  await Promise.all(SIZES.map(some))
}
const searched = async (store: SqliteStore) => ((await found(store)) as string[]).map((text) => Number.parseInt(text, 10))
const column = { field: 'f', stretch: 'main/0/0/1-16', values: { codes: new Int32Array(600), texts: ['x'.repeat(100_000)] } }

/** Fills the disk but for what is to stay free: the serials that a search finds then. */
async function short(): Promise<readonly number[]> {
  const store = await open(db, 24)
  await fill(store, 4000)
  const serials = await searched(store)
  await store.close()
  return serials
}

async function run(): Promise<Filled> {
  const other = join(dir, 'other')
  const rest = join(dir, 'rest')
  await (await open(other)).close()
  const steps: [readonly number[], number][] = []
  const step = (serials: readonly number[]) => steps.push([serials, acknowledged.length])
  if (how === 'disk') step(await short())
  const store = await open()
  // What searches have open stays open; a file that none has opened cannot be on a disk without any room.
  await searched(store)
  if (how === 'disk') takeAll(rest, 300_000)
  for (const bytes of [4000, 400, 0]) {
    await fill(store, bytes)
    await attempt('seal', () => store.seal())
  }
  if (how === 'disk') takeAll(rest)
  await fill(store, 400)
  await attempt('seal', () => store.seal())
  await attempt('open', () => open(other))
  await store.columns.write('made', [column])
  step(await searched(store))
  cpSync(db, elsewhere, { recursive: true })
  rmSync(rest, { force: true })
  if (how === 'disk')
    for (const size of SIZES) if (!(await appended(store, size, 400))) throw new Error('refused, though the disk has room again')
  step(await searched(store))
  await attempt('close', () => store.close())
  const leftOpen = openFiles()
  const again = await open()
  step(await searched(again))
  const damage = await again.verify()
  await attempt('close', () => again.close())
  const files = readdirSync(join(db, 'main')).filter((name) => /^\d+\.db$/.test(name)).length
  const codes = Object.fromEntries(Object.entries(refused).map(([what, set]) => [what, [...set].sort()]))
  return { refused: codes, acknowledged, steps, files, damage, leftOpen }
}

/** Another program has the rest of the disk, but for some bytes. */
function takeAll(path: string, left = 0): void {
  for (const bytes of [65_536, 4096, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(bytes))
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'ENOSPC') throw e
    }
  }
  if (left > 0) truncateSync(path, statSync(path).size - left)
}

function openFiles(): string[] | undefined {
  const table = '/proc/self/fd'
  if (!existsSync(table)) return undefined
  const targets = readdirSync(table).map((fd) => (existsSync(join(table, fd)) ? readlinkSync(join(table, fd)) : ''))
  return targets.filter((path) => path.startsWith(db))
}

run().then(
  (filled) => process.stdout.write(JSON.stringify(filled)),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  },
)
