import { alive, type Batch, numbering } from '../batch/batch'
import { pick, type Unify } from '../batch/gather'
import type { Plan } from '../plan/plan'
import { type Accumulator, type MapBatch, STOP, type State, type StepBatch } from '../syntax/behaviour'
import type { BoundStage } from '../syntax/command'
import type { Stage } from '../syntax/stage'
import { type Contexts, contexts, type Environment } from './environment'
import { OrderedMerge } from './ordered'
import { opened, openStage, type ScanSource, ScanTask, type ScanWatch } from './scan'

/** What a search runs over, and who watches. */
export interface RunInput {
  readonly plan: Plan
  readonly env: Environment
  /** Disjoint sources; for a generating command the stage's own rows, see `generated`. */
  readonly sources: readonly ScanSource[]
  readonly watch: ScanWatch
  /** Carries what a task encoded to its owner: across a thread, or unchanged. */
  readonly carry?: Carry
  /** States of the same scan's other parts, done in other threads; awaited once the sources here have been read. */
  elsewhere?(): AsyncIterable<State>
}

/** What crosses from a task to the owner of the search. */
export interface Carry {
  batch(b: Batch): Batch
  state(s: State): State
}

/** Rows of a search, in the end's order. */
export function runSearch(x: RunInput): AsyncIterable<Batch> {
  const c = contexts(x.env)
  let rows = scanHalf(x, c)
  for (const s of x.plan.rest) rows = stageRows(x.env.language.bind(s), rows, c)
  return rows
}

async function* scanHalf(x: RunInput, c: Contexts): AsyncIterable<Batch> {
  const tasks = x.sources.map((s) => new ScanTask(x.plan.fragment, s, x.env, x.watch))
  const { last } = x.plan.fragment
  if (last && 'accumulate' in last) yield* accumulated(x, tasks, last.accumulate, c)
  else if (tasks.length === 1 && !x.carry) yield* tasks[0]!.rows()
  else yield* merged(x, tasks, c)
}

/** One task's instance is the result; several are absorbed by a fresh one. */
async function* accumulated(x: RunInput, tasks: readonly ScanTask[], stage: Stage, c: Contexts): AsyncIterable<Batch> {
  for (const t of tasks) await t.accumulateAll()
  const whole = tasks.length === 1 && !x.carry ? tasks[0]!.accumulator! : opened(x.env.language.bind(stage), 'accumulate').open(c.of(stage))
  for (const t of tasks) if (t.accumulator !== whole) await absorbAll(whole, t.accumulator!.encode(), x, c)
  if (x.elsewhere) await absorbAll(whole, x.elsewhere(), x, c)
  yield* numbered(whole.finish(), x.env)
}

async function absorbAll(whole: Accumulator, states: Iterable<State> | AsyncIterable<State>, x: RunInput, c: Contexts): Promise<void> {
  for await (const s of states) {
    whole.absorb(x.carry ? x.carry.state(s) : s)
    c.held.set(whole, whole.bytes)
    const wait = x.env.border()
    if (wait) await wait
  }
}

async function* numbered(batches: Iterable<Batch>, env: Environment): AsyncIterable<Batch> {
  const number = numbering()
  for (const b of batches) {
    const wait = env.border()
    if (wait) await wait
    if (alive(b) > 0) yield number(b)
  }
}

/** Several tasks' rows: merged where their order counts, one after the other elsewhere. */
async function* merged(x: RunInput, tasks: readonly ScanTask[], c: Contexts): AsyncIterable<Batch> {
  const carry = (b: Batch) => (x.carry ? x.carry.batch(b) : b)
  if (!x.plan.fragment.ordered) {
    for (const t of tasks) for await (const b of t.rows()) yield carry(b)
    return
  }
  const streams = tasks.map((t) => t.rows())
  // Sources with equal keys stay in one task, so a stream may be read a batch at a time: the bound is its next row.
  const merge = new OrderedMerge(x.env.batchRows, c.dictionary)
  const heads: (Batch | undefined)[] = []
  try {
    for (const s of streams) heads.push(await nextBatch(s, carry))
    yield* mergeHeads(merge, streams, heads, carry)
  } finally {
    await Promise.allSettled(streams.map((s) => s.return(undefined)))
  }
}

async function nextBatch(s: AsyncGenerator<Batch>, carry: (b: Batch) => Batch): Promise<Batch | undefined> {
  for (;;) {
    const r = await s.next()
    if (r.done) return undefined
    if (alive(r.value) > 0) return carry(r.value)
  }
}

async function* mergeHeads(
  merge: OrderedMerge,
  streams: readonly AsyncGenerator<Batch>[],
  heads: (Batch | undefined)[],
  carry: (b: Batch) => Batch,
): AsyncGenerator<Batch> {
  const firstTime = (b: Batch) => b.order!.time[b.selection ? b.selection[0]! : 0]!
  while (heads.some((h) => h !== undefined)) {
    let latest = 0
    heads.forEach((h, i) => {
      if (h && (!heads[latest] || firstTime(h) > firstTime(heads[latest]!))) latest = i
    })
    merge.add(heads[latest]!)
    heads[latest] = await nextBatch(streams[latest]!, carry)
    const bound = Math.max(...heads.map((h) => (h ? firstTime(h) : Number.NEGATIVE_INFINITY)))
    yield* merge.take(bound)
  }
  yield* merge.take(Number.NEGATIVE_INFINITY)
  const rest = merge.flush()
  if (rest) yield rest
}

/** The rows of one stage over those of the stage before it. */
export function stageRows(bound: BoundStage, input: AsyncIterable<Batch>, c: Contexts): AsyncIterable<Batch> {
  return openStage(bound.stage, () => {
    const context = c.of(bound.stage)
    switch (bound.behaviour.form) {
      case 'map':
        return mapRows(bound.behaviour.open(context), input, c)
      case 'step':
        return stepRows(bound.behaviour.open(context), input, c)
      case 'accumulate':
        return accumulateRows(bound.behaviour.open(context), input, c)
      case 'run': {
        const rows = bound.behaviour.open(input, context)
        return bound.command.reorders ? renumbered(rows) : rows
      }
      default:
        throw new Error(`BUG: '${bound.stage.command}' stands where no ${bound.behaviour.form} can`)
    }
  })
}

/**
 * Rows of a search as they would be if it ended now: what the tasks encoded, absorbed by a fresh instance and finished, then fresh
 * instances of the later stages.
 */
export function previewSearch(plan: Plan, env: Environment, states: Iterable<State>): AsyncIterable<Batch> {
  const { last } = plan.fragment
  if (!last || !('accumulate' in last)) throw new Error('BUG: a preview of a search that accumulates nothing')
  const c = contexts(env)
  const whole = opened(env.language.bind(last.accumulate), 'accumulate').open(c.of(last.accumulate))
  for (const s of states) whole.absorb(s)
  let rows: AsyncIterable<Batch> = numbered(whole.finish(), env)
  for (const s of plan.rest) rows = stageRows(env.language.bind(s), rows, c)
  return rows
}

async function* mapRows(map: MapBatch, input: AsyncIterable<Batch>, c: Contexts): AsyncIterable<Batch> {
  for await (const b of input) {
    const wait = c.env.border()
    if (wait) await wait
    yield* bordered(batchesOf(map(b)), c)
  }
}

/** One batch may be multiplied into very many: there is a border after each. */
async function* bordered(batches: Iterable<Batch>, c: Contexts): AsyncIterable<Batch> {
  for (const x of batches) {
    if (alive(x) > 0) yield x
    const wait = c.env.border()
    if (wait) await wait
  }
}

function batchesOf(out: ReturnType<MapBatch>): Iterable<Batch> {
  if (out === undefined) return []
  return Symbol.iterator in out ? out : [out]
}

async function* stepRows(step: StepBatch, input: AsyncIterable<Batch>, c: Contexts): AsyncIterable<Batch> {
  for await (const b of input) {
    const wait = c.env.border()
    if (wait) await wait
    const out = step(b)
    if (out === STOP) return
    if (out === undefined) continue
    if ('last' in out) {
      if (alive(out.last) > 0) yield out.last
      return
    }
    if (alive(out) > 0) yield out
  }
}

async function* accumulateRows(acc: Accumulator, input: AsyncIterable<Batch>, c: Contexts): AsyncIterable<Batch> {
  for await (const b of input) {
    const wait = c.env.border()
    if (wait) await wait
    acc.add(b)
    c.held.set(acc, acc.bytes)
  }
  yield* numbered(acc.finish(), c.env)
}

async function* renumbered(rows: AsyncIterable<Batch>): AsyncIterable<Batch> {
  const number = numbering()
  for await (const b of rows) if (alive(b) > 0) yield number(b)
}

/** A generating stage's rows as sources: dealt to the tasks a few at a time, as if they were blocks. */
export function generated(stage: Stage, env: Environment, tasks: number): ScanSource[] {
  const context = contexts(env).of(stage)
  const open = () => openStage(stage, () => opened(env.language.bind(stage), 'generate').open(context))
  return Array.from({ length: tasks }, (_, task) => ({ verify: undefined, read: () => dealt(open(), task, tasks, context.dictionary) }))
}

async function* dealt(rows: Iterable<Batch> | AsyncIterable<Batch>, task: number, tasks: number, unify: Unify) {
  const number = numbering()
  let block = 0
  for await (const made of rows) {
    const b = number(made)
    if (tasks === 1) {
      // The rows come in their order already: none has to wait.
      yield { batch: b, next: Number.NEGATIVE_INFINITY, scanned: 0 }
      continue
    }
    const taken = Uint32Array.from({ length: b.rows }, (_, i) => i).filter(() => block++ % tasks === task)
    if (taken.length > 0) yield { batch: pick(b, taken, unify), next: 0, scanned: 0 }
  }
}
