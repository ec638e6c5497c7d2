import { alive, type Batch } from '../batch/batch'
import { compileFirstSearch } from '../expressions/compile-predicate'
import type { Predicate } from '../expressions/predicate'
import type { Fragment } from '../plan/fragment'
import { type Accumulator, type MapBatch, STOP, type StepBatch } from '../syntax/behaviour'
import type { BoundStage } from '../syntax/command'
import type { Stage } from '../syntax/stage'
import { within } from '../text/problem'
import { type Contexts, contexts, type Environment } from './environment'
import { OrderedMerge } from './ordered'

/** What a source gives at a time: rows in the order of events, and a bound: no later row of it has a greater `_time` key. */
export interface Scanned {
  readonly batch: Batch | undefined
  readonly next: number
  /** Events looked at for it. */
  readonly scanned: number
  /** The rows are another thread's: they have been filtered and mapped there. */
  readonly mapped?: true
  /** Rows that have left the merge are wanted now, however few: who waits for them may need no more. */
  readonly flush?: boolean
}

/** One set of blocks. */
export interface ScanSource {
  /** What of the filter the source has not decided by itself; undefined when it has decided all. */
  readonly verify: Predicate | undefined
  read(): AsyncIterable<Scanned>
}

/** Sees what passes: counts, and events for the job's spool. */
export interface ScanWatch {
  scanned(events: number): void
  /** Rows after the filter, before any stage. */
  matched(rows: number): void
  /** Rows after the stages that pick and dress events. */
  events?(batch: Batch): void
  /** Whether the search is to end with the rows that it has. */
  enough?(): boolean
  /** How many of the fragment's maps stand before `events`. */
  readonly eventMaps: number
  /** Whether a preview is due, and what takes the state that one is made of. */
  previewDue?(): boolean
  preview?(state: Accumulator): Promise<void>
}

/** The scan half of a search over one source. */
export class ScanTask {
  private readonly contexts: Contexts
  private readonly keep: ((b: Batch) => Batch | undefined) | undefined
  private readonly maps: readonly MapBatch[]
  private readonly step: StepBatch | undefined
  readonly accumulator: Accumulator | undefined

  constructor(
    private readonly fragment: Fragment,
    private readonly source: ScanSource,
    private readonly env: Environment,
    private readonly watch: ScanWatch,
  ) {
    this.contexts = contexts(env)
    const context = this.contexts.of
    const bind = (s: Stage): BoundStage => env.language.bind(s)
    this.keep = source.verify && compileFirstSearch(source.verify)
    this.maps = fragment.maps.map((s) => openStage(s, () => opened(bind(s), 'map').open(context(s))))
    const { last } = fragment
    this.step = last && 'step' in last ? openStage(last.step, () => opened(bind(last.step), 'step').open(context(last.step))) : undefined
    this.accumulator =
      last && 'accumulate' in last
        ? openStage(last.accumulate, () => opened(bind(last.accumulate), 'accumulate').open(context(last.accumulate)))
        : undefined
  }

  /** Takes all rows into the accumulator. */
  async accumulateAll(): Promise<void> {
    const accumulator = this.accumulator!
    for await (const b of this.survivors()) {
      accumulator.add(b)
      this.contexts.held.set(accumulator, accumulator.bytes)
      if (this.watch.previewDue?.()) await this.watch.preview?.(accumulator)
    }
  }
  /** Rows after the maps and the step. */
  rows(): AsyncGenerator<Batch> {
    return this.step ? this.stepped(this.step) : this.survivors()
  }
  private async *stepped(step: StepBatch): AsyncGenerator<Batch> {
    for await (const b of this.survivors()) {
      const out = step(b)
      if (out === STOP) return
      if (out && 'last' in out) {
        yield out.last
        return
      }
      if (out) yield out
    }
  }
  private survivors(): AsyncGenerator<Batch> {
    return this.fragment.ordered ? this.ordered() : this.unordered()
  }

  private async *unordered(): AsyncGenerator<Batch> {
    for await (const s of this.source.read()) {
      const wait = this.env.border()
      if (wait) await wait
      this.watch.scanned(s.scanned)
      yield* this.bordered(this.rowsOf(s))
    }
  }

  /** Each block is filtered and mapped first, then the survivors are merged. */
  private async *ordered(): AsyncGenerator<Batch> {
    const merge = new OrderedMerge(this.env.batchRows, this.contexts.dictionary)
    for await (const s of this.source.read()) {
      const wait = this.env.border()
      if (wait) await wait
      this.watch.scanned(s.scanned)
      for await (const b of this.bordered(this.rowsOf(s))) merge.add(b)
      yield* this.bordered(merge.take(s.next))
      const taken = s.flush && merge.flush()
      if (taken) yield taken
    }
    yield* this.bordered(merge.take(Number.NEGATIVE_INFINITY))
    const rest = merge.flush()
    if (rest) yield rest
  }

  /** One block may be multiplied into thousands of batches: there is a border before each of them but the first. */
  private async *bordered(batches: Iterable<Batch | undefined>): AsyncGenerator<Batch> {
    let first = true
    for (const b of batches) {
      if (this.watch.enough?.()) return
      const wait = first ? undefined : this.env.border()
      if (wait) await wait
      first = false
      if (b) yield b
    }
  }

  private rowsOf({ batch, mapped }: Scanned): Iterable<Batch | undefined> {
    if (!batch) return []
    return mapped ? [batch] : this.kept(batch)
  }
  private *kept(batch: Batch): Generator<Batch | undefined> {
    const kept = this.keep ? this.keep(batch) : batch
    if (!kept || alive(kept) === 0) return
    this.watch.matched(alive(kept))
    yield* this.mapped(kept, 0)
  }

  /**
   * The maps as one; a map that gives several batches goes on with each of them. Undefined comes after each of these, since later maps may
   * leave nothing of very many.
   */
  private *mapped(batch: Batch, from: number): Generator<Batch | undefined> {
    let b = batch
    for (let i = from; i < this.maps.length; i++) {
      if (i === this.watch.eventMaps) this.watch.events?.(b)
      const out = this.maps[i]!(b)
      if (out === undefined) return
      if (Symbol.iterator in out) {
        for (const x of out) {
          yield* this.mapped(x, i + 1)
          yield undefined
        }
        return
      }
      b = out
    }
    if (alive(b) === 0) return
    if (this.watch.eventMaps >= this.maps.length) this.watch.events?.(b)
    yield b
  }
}

/** Opens a stage; a problem that it finds in its arguments is placed at the stage. */
export const openStage = <T>(s: Stage, open: () => T): T => within(s.span, open)

type Form = BoundStage['behaviour']['form']
/** The behaviour of a stage, which the planner has put where its form belongs. */
export function opened<F extends Form>(b: BoundStage, form: F): Extract<BoundStage['behaviour'], { form: F }> {
  if (b.behaviour.form !== form) throw new Error(`BUG: '${b.stage.command}' is no ${form}`)
  return b.behaviour as Extract<BoundStage['behaviour'], { form: F }>
}
