import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RowsRequest, SearchRequest } from '../../../../search/head'
import type { SpooledJob } from '../../../../search/jobs/job'
import { COMMAND, CONTROL, type JobMessage } from '../../../../search/jobs/message'
import { SpoolReader, SpoolWriter } from '../../../../search/jobs/spool'
import { JobTable } from '../../../../search/jobs/table'
import { fileSink } from '../../../../search/sink'
import { type Batch, batchOf } from '../../../../spl/batch/batch'
import { encodeBatch } from '../../../../spl/batch/codec'
import { valueAt } from '../../../../spl/batch/column'
import { problem } from '../../../../spl/text/problems'

let folder: string
let now: number
let table: JobTable
const executions: Execution[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headstand-jobs-'))
  now = 1000
  table = new JobTable(join(folder, 'dispatch'), () => now)
})
afterEach(async () => {
  await Promise.all(executions.splice(0).map((e) => e.close()))
  await table.close()
  rmSync(folder, { recursive: true, force: true })
})

function request(more: Partial<SearchRequest> = {}): SearchRequest {
  const limits = { ttlSeconds: 60, maxCount: 0, maxTimeSeconds: 0, preview: true }
  return {
    search: 'search x',
    owner: 'o',
    app: 'a',
    indexesAllowed: ['*'],
    indexesDefault: ['main'],
    ...limits,
    origin: 'test',
    echo: {},
    ...more,
  }
}
/** Rows n = from … to − 1. */
const batch = (from: number, to: number): Batch =>
  batchOf(to - from, [
    ['n', { kind: 'number', numbers: Float64Array.from({ length: to - from }, (_, i) => from + i) }],
    ['name', { kind: 'constant', value: 'x', places: 127 }],
  ])

/** A job and what its execution says. */
class Execution {
  private readonly results: SpoolWriter
  private readonly events: SpoolWriter
  constructor(readonly job: SpooledJob) {
    this.results = new SpoolWriter(join(job.folder, 'results'))
    this.events = new SpoolWriter(join(job.folder, 'events'))
    executions.push(this)
  }
  say(...messages: JobMessage[]): void {
    for (const m of messages) this.job.apply(m)
  }
  begin(transforming = false): this {
    const none = { reportSearch: undefined, eventPipeline: undefined, earliest: undefined, latest: undefined }
    const read = { normalizedSearch: 's', eventSearch: 's', transforming, ...none }
    this.say({ type: 'parsing' }, { type: 'read', ...read }, { type: 'running' })
    return this
  }
  async rows(from: number, to: number, spool: 'events' | 'results' = 'results'): Promise<void> {
    this.say({ type: 'rows', spool, frame: await this[spool].write(batch(from, to)) })
  }
  async close(): Promise<void> {
    await Promise.all([this.results.close(), this.events.close()])
  }
  async done(): Promise<void> {
    await this.close()
    this.say({ type: 'done', finalized: false })
  }
}
const execution = (more: Partial<SearchRequest> = {}) => new Execution(table.create(request(more)))
const page = (offset: number, count: number, more: Partial<RowsRequest> = {}): RowsRequest => ({
  kind: 'results',
  offset,
  count,
  fields: ['n'],
  ...more,
})
const numbers = (rows: { readonly rows: readonly (readonly unknown[])[] }) => rows.rows.map((r) => Number(r[0]))
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('a page of rows', () => {
  it.each<[number, number]>([
    [0, 0],
    [0, 1],
    [2, 1],
    [1, 5],
    [3, 4],
    [6, 100],
    [9, 1],
    [10, 5],
    [99, 5],
  ])('from %d, %d of them, over frames of 3, 1, 2 and 4', async (offset, count) => {
    const e = execution().begin()
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [4, 6],
      [6, 10],
    ] as const)
      await e.rows(from, to)
    await e.done()
    expect(numbers(await e.job.rows(page(offset, count)))).toEqual(upTo(0, 10).slice(offset, count === 0 ? undefined : offset + count))
  })

  it('holds the chosen fields, in the order in which they were chosen', async () => {
    const e = execution().begin()
    await e.rows(0, 1)
    await e.done()
    expect(await e.job.rows(page(0, 0, { fields: ['na*', 'n', 'nowhere'] }))).toEqual({ fields: ['name', 'n'], rows: [['x', '0']] })
    expect((await e.job.rows({ kind: 'results', offset: 0, count: 0 })).fields).toEqual(['n', 'name'])
  })

  it('is of the events where they are kept apart', async () => {
    const e = execution({ echo: { status_buckets: '10' } }).begin(true)
    await e.rows(0, 5, 'events')
    await e.rows(7, 8)
    await e.done()
    expect(numbers(await e.job.rows(page(0, 0, { kind: 'events' })))).toEqual(upTo(0, 5))
    expect(e.job.status()).toMatchObject({ eventAvailableCount: 5, resultCount: 1, isTransforming: true })
  })

  it('is of the preview until the search has ended', async () => {
    const e = execution().begin(true)
    const previewed = batch(40, 44)
    e.say({ type: 'preview', frames: [encodeBatch(previewed, previewed.names())], rows: 4 })
    expect(e.job.status().previewCount).toBe(4)
    expect(numbers(await e.job.rows(page(1, 2, { kind: 'preview' })))).toEqual([41, 42])
    expect(e.job.rowsRead).toBe(false)
    await e.rows(0, 2)
    await e.done()
    expect(numbers(await e.job.rows(page(0, 0, { kind: 'preview' })))).toEqual([0, 1])
  })
})

describe('a stream of rows', () => {
  it('follows the search to its end', async () => {
    const e = execution().begin()
    const seen: number[] = []
    const reading = (async () => {
      for await (const rows of e.job.stream({ kind: 'results', offset: 2, fields: ['n'] })) seen.push(...numbers(rows))
    })()
    await e.rows(0, 3)
    await e.rows(3, 2503)
    await e.done()
    await reading
    expect(seen).toEqual(upTo(2, 2503))
  })

  it('ends with a job that is cancelled, and with its reader', async () => {
    const e = execution().begin()
    await e.rows(0, 3)
    const stream = e.job.stream({ kind: 'results', offset: 0, fields: ['n'] })
    expect((await stream.next()).done).toBe(false)
    await e.job.control({ action: 'cancel' })
    expect((await stream.next()).done).toBe(true)

    const other = execution().begin()
    const stop = new AbortController()
    const waiting = other.job.stream({ kind: 'results', offset: 0 }, stop.signal).next()
    stop.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
  })
})

describe('what a job is told', () => {
  it('shows in its state', async () => {
    const e = execution()
    const state = () => e.job.status().state
    expect(state()).toBe('QUEUED')
    e.say({ type: 'parsing' })
    expect(state()).toBe('PARSING')
    e.begin()
    expect(state()).toBe('RUNNING')
    e.say({ type: 'paused', paused: true })
    expect(state()).toBe('PAUSED')
    e.say({ type: 'paused', paused: false })
    await e.job.control({ action: 'finalize' })
    expect(state()).toBe('FINALIZING')
    e.say({ type: 'done', finalized: true })
    expect(e.job.status()).toMatchObject({ state: 'DONE', isFinalized: true, doneProgress: 1 })
  })

  it('counts no more once it has ended', async () => {
    const e = execution().begin()
    e.say({ type: 'failed', problem: problem('time-limit', { seconds: 1 }) })
    const before = e.job.status()
    e.begin()
    e.say(
      { type: 'progress', scanCount: 9, eventCount: 9, doneProgress: 0.5 },
      { type: 'message', problem: problem('cancelled', {}) },
      { type: 'done', finalized: true },
    )
    await e.rows(0, 3)
    expect(e.job.status()).toEqual(before)
  })

  it('says each message once', () => {
    const e = execution().begin()
    const p = problem('range-substituted', {})
    e.say({ type: 'message', problem: p }, { type: 'message', problem: { ...p } })
    expect(e.job.status().messages).toEqual([p])
    expect(e.job.log()).toContain('Your timerange was substituted')
  })

  it('reaches whoever executes it; what is to end is not paused', async () => {
    const e = execution().begin()
    const told: number[] = []
    e.job.onCommand = (c) => told.push(c)
    for (const action of ['pause', 'unpause', 'finalize', 'pause', 'unpause', 'cancel'] as const) await e.job.control({ action })
    expect(told).toEqual([COMMAND.pause, COMMAND.run, COMMAND.finalize, COMMAND.cancel])
    expect(Atomics.load(e.job.words, CONTROL.command)).toBe(COMMAND.cancel)
    await e.job.control({ action: 'finalize' })
    expect(told).toHaveLength(4)
  })

  it('wakes who waits', async () => {
    const e = execution()
    const changed = e.job.changed()
    e.say({ type: 'parsing' })
    await changed
    const ended = e.job.finished()
    e.begin()
    await e.done()
    expect((await ended).state).toBe('DONE')
    await expect(execution().job.finished(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  })
})

describe('an execution that was lost', () => {
  it('leaves nothing in the job when it starts again', async () => {
    const e = execution().begin()
    await e.rows(0, 3)
    e.say(
      { type: 'progress', scanCount: 5, eventCount: 5, doneProgress: 0.5 },
      { type: 'message', problem: problem('range-substituted', {}) },
    )
    const before = e.job.folder
    e.job.restart()
    expect(e.job.folder).not.toBe(before)
    expect(e.job.status()).toMatchObject({ state: 'QUEUED', resultCount: 0, scanCount: 0, doneProgress: 0, messages: [], runDuration: 0 })
    const again = new Execution(e.job).begin()
    await again.rows(7, 9)
    await again.done()
    expect(numbers(await e.job.rows(page(0, 0)))).toEqual([7, 8])
  })

  it('is one that cannot start again once a row was given out, not before', async () => {
    const e = execution().begin()
    await e.job.rows(page(0, 0))
    expect(e.job.rowsRead).toBe(false)
    await e.rows(0, 3)
    await e.job.rows(page(3, 1))
    await e.job.rows(page(0, 0, { kind: 'preview' }))
    expect(e.job.rowsRead).toBe(false)
    const reading = e.job.rows(page(0, 1))
    expect(e.job.rowsRead).toBe(true)
    await reading
  })
})

describe('jobs', () => {
  it('are named by the second and a number, or as they ask', () => {
    expect([execution(), execution({ id: 'mine' }), execution()].map((e) => e.job.sid)).toEqual(['1000.1', 'mine', '1000.3'])
    expect(table.all().map((j) => j.sid)).toEqual(['1000.3', 'mine', '1000.1'])
  })

  it.each(['..', '.', 'a/b', '../../x', 'x'.repeat(400), 'a\0b'])(
    'keep their rows in a folder of their own, whatever they are called',
    async (id) => {
      const e = execution({ id }).begin()
      await e.rows(0, 1)
      await e.done()
      expect(e.job.folder.startsWith(join(folder, 'dispatch', '1'))).toBe(true)
      await e.job.control({ action: 'cancel' })
      await e.job.remove()
      expect(readdirSync(join(folder, 'dispatch'))).toEqual([])
    },
  )

  it('under a name that is taken end the one before', async () => {
    const first = execution({ id: 'x' }).begin()
    await first.rows(0, 1)
    const second = execution({ id: 'x' }).begin()
    expect(first.job.status()).toMatchObject({ state: 'FAILED', messages: [{ code: 'cancelled' }] })
    expect(table.get('x')).toBe(second.job)
    await first.job.control({ action: 'cancel' })
    expect(table.get('x')).toBe(second.job)
    await expect(first.job.rows(page(0, 1))).rejects.toMatchObject({ problem: { code: 'job-gone' } })
  })

  it('live for a time after they were last asked for', async () => {
    jest.useFakeTimers()
    try {
      const other = new JobTable(join(folder, 'other'), () => now)
      const e = new Execution(other.create(request()))
      const sweep = (seconds: number) => {
        now += seconds
        jest.advanceTimersByTime(5000)
        return other.get(e.job.sid) !== undefined
      }
      expect(sweep(1000)).toBe(true) // It has not ended.
      e.begin().say({ type: 'done', finalized: false })
      expect(sweep(59)).toBe(true)
      await e.job.control({ action: 'touch' })
      expect(sweep(59)).toBe(true)
      await e.job.control({ action: 'save' })
      expect(sweep(100_000)).toBe(true)
      await e.job.control({ action: 'unsave' })
      await e.job.control({ action: 'setttl', ttlSeconds: 500 })
      expect(sweep(499)).toBe(true)
      expect(sweep(2)).toBe(false)
      await other.close()
    } finally {
      jest.useRealTimers()
    }
  })

  it('of a process that crashed are removed', () => {
    const left = join(folder, 'left')
    mkdirSync(join(left, '5', '1'), { recursive: true })
    writeFileSync(join(left, '5', '1', 'results'), 'x')
    void new JobTable(left, () => now).close()
    expect(existsSync(join(left, '5'))).toBe(false)
  })
})

const full = '/dev/full'
const testWhereFull = existsSync(full) ? it : it.skip
if (!existsSync(full)) console.log(`skipped: ${full} is not there`)
testWhereFull('a disk that is full fails the search with a message', async () => {
  const said: JobMessage[] = []
  symlinkSync(full, join(folder, 'results'))
  const sink = fileSink(folder, 1e9, (m) => said.push(m))
  await expect(sink.write('results', batch(0, 1000))).rejects.toMatchObject({
    problem: { code: 'spool-failed', message: expect.stringContaining('the disk is full') },
  })
  await sink.close()
  expect(said).toEqual([])
})

test('few rows are in no file; those that follow many are in one', async () => {
  const said: JobMessage[] = []
  const of = join(folder, 'spools', 'of one')
  const sink = fileSink(of, 1e9, (m) => said.push(m))
  const rows = () => said.flatMap((m) => (m.type === 'rows' ? [m.frame] : []))
  await sink.write('results', batch(0, 10))
  expect([existsSync(of), rows()[0]!.bytes?.length]).toEqual([false, rows()[0]!.length])
  await sink.write('results', batch(10, 3000))
  await sink.write('results', batch(3000, 3001))
  await sink.close()
  expect(readdirSync(of)).toEqual(['results'])
  const reader = new SpoolReader(join(of, 'results'))
  for (const f of rows()) reader.add(f)
  expect(reader.bytes).toBe(rows().reduce((sum, f) => sum + f.length, 0))
  const found: number[] = []
  for await (const { batch: b, from, to } of reader.read(8, 2993))
    for (let i = from; i < to; i++) found.push(Number(valueAt(b.column('n'), i)))
  expect(found).toEqual(upTo(8, 3001))
})
