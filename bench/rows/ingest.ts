import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Row } from '../bench'
import type { DataSet } from '../data-set'
import { figure, type Ratio, type Result } from '../measure'

const sizeOf = (path: string): number =>
  statSync(path).isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : statSync(path).size

/** Of each run: events a second, bytes on the disk, most bytes in memory. */
export interface Ingested {
  readonly rates: readonly number[]
  readonly disk: readonly number[]
  readonly resident: readonly number[]
}

/** How often each is run: the other takes minutes. */
const RUNS = { ingest: 3, fts5: 2 }

/** Each run in a process and a folder of its own, until the store is closed. */
export async function ingestRuns(bench: Bench, name: string, data: DataSet, kind: 'ingest' | 'fts5'): Promise<Ingested> {
  const rates: number[] = []
  const disk: number[] = []
  const resident: number[] = []
  for (let i = 0; i < RUNS[kind]; i++) {
    const path = bench.path(`${name}-${kind}-${i}`)
    const done = await bench.fresh((ours) =>
      ours.order(kind === 'ingest' ? { do: 'ingest', db: path, data } : { do: 'fts5', file: path, data }),
    )
    rates.push(data.events / (done.milliseconds / 1000))
    disk.push(sizeOf(path))
    resident.push(done.resident)
  }
  return { rates, disk, resident }
}

const shareOfRaw = (name: string, disk: readonly number[], data: DataSet) =>
  figure(
    name,
    'share of raw',
    disk.map((bytes) => bytes / data.bytes),
  )

interface Bounds {
  readonly rate: Pick<Ratio, 'floor' | 'aim'>
  readonly disk: Pick<Ratio, 'floor' | 'aim'>
}

export function ingestResult(
  row: string,
  what: string,
  { data, made, bounds }: { readonly data: DataSet; readonly made: Ingested; readonly bounds: Bounds },
): Result {
  const rate = figure('ours', 'events/s', made.rates)
  const megabytes = figure(
    'ours',
    'MB/s',
    made.rates.map((r) => (r * data.bytes) / data.events / 1e6),
  )
  const disk = shareOfRaw('disk', made.disk, data)
  const resident = figure(
    'resident, most',
    'MB',
    made.resident.map((bytes) => bytes / 1e6),
  )
  return {
    row,
    what,
    figures: [rate, megabytes, disk, resident],
    ratios: [
      { over: '1,000 events/s', value: rate.median / 1000, ...bounds.rate },
      { over: 'disk, raw bytes per byte', value: 1 / disk.median, ...bounds.disk },
      { over: 'memory of 500 MB', value: 500 / resident.most, floor: 1, aim: 2.5 },
    ],
    notes: [`${data.events} events, ${Math.round(data.bytes / data.events)} bytes each`],
  }
}

const SYNTHETIC: Bounds = { rate: { floor: 20, aim: 35 }, disk: { floor: 2, aim: 1 / 0.35 } }

export const ingest: Row = {
  name: 'ingest',
  async measure(bench) {
    const results: Result[] = []
    const data = await bench.events()
    bench.say('ingest, XML')
    const made = await ingestRuns(bench, 'xml', data, 'ingest')
    bench.say('ingest, full-text table')
    const plain = await ingestRuns(bench, 'xml', data, 'fts5')
    const result = ingestResult('ingest', 'ingest, synthetic XML', { data, made, bounds: SYNTHETIC })
    const theirs = figure('FTS5 table, a row per event', 'events/s', plain.rates)
    results.push({
      ...result,
      figures: [...result.figures, theirs, shareOfRaw('FTS5 table, disk', plain.disk, data)],
      ratios: [{ over: theirs.name, value: result.figures[0]!.median / theirs.median, floor: 3, aim: 6 }, ...result.ratios],
    })
    const text = await bench.events('text')
    bench.say('ingest, text')
    results.push(
      ingestResult('ingest-text', 'ingest, synthetic key=value text', {
        data: text,
        made: await ingestRuns(bench, 'text', text, 'ingest'),
        bounds: SYNTHETIC,
      }),
    )
    return results
  },
}

export const ingestReal: Row = {
  name: 'ingest-real',
  async measure(bench) {
    const data = await bench.real()
    if (!data) {
      bench.say('ingest of real events: passed over, the data is not there')
      return []
    }
    bench.say('ingest, real events')
    const made = await ingestRuns(bench, 'real', data, 'ingest')
    const bounds = { rate: { floor: 35, aim: 60 }, disk: { floor: 1 / 0.15, aim: 1 / 0.06 } }
    return [ingestResult('ingest-real', 'ingest, real events', { data, made, bounds })]
  },
}
