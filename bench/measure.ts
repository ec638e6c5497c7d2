/** What was measured: the median of some runs, and how far they lay apart. */
export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 'events/s' | 'MB/s' | 'MB' | 'share of raw'
  readonly median: number
  readonly least: number
  readonly most: number
  readonly runs: number
}

/** How ours compares: above 1 it is better, whatever the unit. */
export interface Ratio {
  readonly over: string
  readonly value: number
  /** Below the floor something is wrong; the aim is what the project is here for. */
  readonly floor?: number
  readonly aim?: number
}

export interface Result {
  readonly row: string
  readonly what: string
  readonly figures: readonly Figure[]
  readonly ratios: readonly Ratio[]
  readonly notes: readonly string[]
}

export function figure(name: string, unit: Figure['unit'], values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b)
  return { name, unit, median: middle(sorted), least: sorted[0]!, most: sorted.at(-1)!, runs: sorted.length }
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Something to be measured. What knows its own time better (without a call between processes, without clearing up) answers it. */
export type Job = () => Promise<unknown>

/** Milliseconds of each run. */
export async function timed(runs: number, job: Job): Promise<number[]> {
  const out: number[] = []
  for (let i = 0; i < runs; i++) {
    const began = performance.now()
    const done = await job()
    out.push(ownTime(done) ?? performance.now() - began)
  }
  return out
}
const ownTime = (done: unknown): number | undefined =>
  typeof done === 'object' && done !== null && 'milliseconds' in done ? Number(done.milliseconds) : undefined

/** Milliseconds of runs before one is measured: a server runs for days, and V8 compiles anew what runs often. */
const SETTLING = 500

/** Runs each job twice, and on for half a second. */
export async function settled(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    const until = performance.now() + SETTLING
    for (let i = 0; i < 2 || performance.now() < until; i++) await job()
  }
}

/** Every job once a round, so that a noisy moment of the machine meets all of them. Answers the milliseconds of each. */
export async function rounds(runs: number, jobs: readonly Job[]): Promise<number[][]> {
  const out: number[][] = jobs.map(() => [])
  for (let i = 0; i < runs; i++) for (const [k, job] of jobs.entries()) out[k]!.push(...(await timed(1, job)))
  return out
}

/** Ratio of two times: how many times as fast ours is. */
export const faster = (ours: Figure, theirs: Figure, bounds: Pick<Ratio, 'floor' | 'aim'> = {}): Ratio => ({
  over: theirs.name,
  value: theirs.median / ours.median,
  ...bounds,
})
